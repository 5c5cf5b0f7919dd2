import { notFound, type Route } from './route.ts'
import { account } from './shown.ts'

/** Accounts and teams, looked up by name: reviewers are set by id. */
export const accountRoutes: Route[] = [
  {
    method: 'GET',
    path: '/user',
    needs: [],
    docs: 'users/users#get-the-authenticated-user',
    run: ({ state, base, actor }) => ({ body: account(state, base, actor.login) }),
  },
  {
    method: 'GET',
    path: '/users/:login',
    needs: [],
    docs: 'users/users#get-a-user',
    run: ({ state, base, params }) => {
      const known = [state.owner, ...state.users].find(({ login }) => login.toLowerCase() === params['login']?.toLowerCase())
      if (known === undefined) throw notFound()
      return { body: account(state, base, known.login) }
    },
  },
  {
    method: 'GET',
    path: '/orgs/:org',
    needs: [],
    docs: 'orgs/orgs#get-an-organization',
    run: ({ state, params }) => {
      if (state.owner.type !== 'Organization' || params['org'] !== state.owner.login) throw notFound()
      const { login, id, type } = state.owner
      return { body: { login, id, type, url: `https://api.github.com/orgs/${login}`, plan: { name: state.plan } } }
    },
  },
  {
    method: 'GET',
    path: '/orgs/:org/teams/:slug',
    needs: [['members', 'read']],
    docs: 'teams/teams#get-a-team-by-name',
    run: ({ state, params }) => {
      const team = state.teams.find(({ slug }) => slug === params['slug'])
      if (team === undefined || params['org'] !== state.owner.login) throw notFound()
      return { body: { ...team, name: team.slug, node_id: `T_${team.id}`, privacy: 'closed', permission: 'pull' } }
    },
  },
]

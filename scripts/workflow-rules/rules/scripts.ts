import { eachStep, type Rule } from '../rule.ts'

/** Whatever fetches code that no lock file names. `npm ci` is the one way in. */
const FETCHES =
  /\b(npx|bunx|uvx|pipx?\s+install|pip3\s+install|apt(-get)?\s+install|brew\s+install|gem\s+install|go\s+install|cargo\s+install|pnpm|yarn|corepack|npm\s+(i|install|add|exec|x|update)|(curl|wget)\b.*\|\s*(ba|z|da)?sh)\b/

/** Looks at the values of some keys, or at every value. */
const eachText =
  (keys: string[] | undefined, check: (text: string) => string[]): Rule['check'] =>
  ({ texts }) =>
    texts
      .filter(({ path }) => keys === undefined || keys.includes(String(path.at(-1))))
      .flatMap(({ path, text }) => check(text).map((message) => ({ at: path, message })))

export const scripts: Rule[] = [
  {
    id: 'template-injection',
    check: eachText(['run', 'shell', 'working-directory'], (text) =>
      text.includes('${{') ? ["an expression in a script is pasted, not quoted: give it by 'env'"] : [],
    ),
  },
  {
    id: 'github-env',
    check: eachText(['run'], (text) =>
      /GITHUB_(ENV|PATH)\b/.test(text) ? ['a script must not change the environment of the steps after it'] : [],
    ),
  },
  {
    id: 'adhoc-packages',
    check: eachText(['run'], (text) => {
      const [command] = FETCHES.exec(text) ?? []
      return command === undefined ? [] : [`'${command}' installs what no lock file names; only 'npm ci' does not`]
    }),
  },
  {
    id: 'cache-poisoning',
    check: (workflow, world) => [
      ...eachText(undefined, (text) =>
        /\btype=gha\b|^actions\/cache\b/.test(text) ? ['a cache can hold what another run has put there'] : [],
      )(workflow, world),
      ...eachStep(({ with: inputs }) =>
        Object.keys(inputs ?? {}).some((name) => /(^|-)cache(-|$)/.test(name))
          ? ['a cache can hold what another run has put there']
          : [],
      )(workflow, world),
    ],
  },
  {
    // Secrets of an environment do not reach a called workflow, and those of the repository reach every branch.
    id: 'no-secrets',
    check: (workflow, world) => [
      ...eachText(undefined, (text) =>
        readsSecret(text) ? ["only 'secrets.GITHUB_TOKEN' may be read; other secrets are SSM SecureStrings"] : [],
      )(workflow, world),
      ...Object.entries(workflow.jobs)
        .filter(([, { secrets }]) => secrets !== undefined)
        .map(([key]) => ({ at: ['jobs', key, 'secrets'], message: `job '${key}' hands secrets on` })),
    ],
  },
]

const readsSecret = (text: string): boolean => {
  const expressions = [...text.matchAll(/\$\{\{([\s\S]*?)\}\}/g)].map(([, inner = '']) => inner)
  return expressions.some((expression) => /\bsecrets\b/i.test(expression.replaceAll(/\bsecrets\s*\.\s*GITHUB_TOKEN\b/g, '')))
}

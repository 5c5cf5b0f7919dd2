import { accountRoutes } from './accounts.ts'
import { branchPolicyRoutes } from './branch-policies.ts'
import { commentRoutes } from './comments.ts'
import { deploymentRoutes } from './deployments.ts'
import { environmentRoutes } from './environments.ts'
import { labelRoutes } from './labels.ts'
import { pullRoutes } from './pulls.ts'
import { refRoutes } from './refs.ts'
import { repositoryRoutes } from './repository.ts'
import type { Route } from './route.ts'
import { rulesetRoutes } from './rulesets.ts'
import { settingRoutes } from './settings.ts'
import { statusRoutes } from './statuses.ts'
import { workflowRoutes } from './workflows.ts'

/** Everything that is served. */
export const routes: Route[] = [
  ...accountRoutes,
  ...branchPolicyRoutes,
  ...commentRoutes,
  ...deploymentRoutes,
  ...environmentRoutes,
  ...labelRoutes,
  ...pullRoutes,
  ...refRoutes,
  ...repositoryRoutes,
  ...rulesetRoutes,
  ...settingRoutes,
  ...statusRoutes,
  ...workflowRoutes,
]

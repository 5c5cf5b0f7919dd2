import type { Rule } from './rule.ts'
import { breakerRules } from './rules/breaker.ts'
import { capacityRules } from './rules/capacity.ts'
import { ecrRules } from './rules/ecr.ts'
import { ecrGetRules } from './rules/ecr-get.ts'
import { ecrLifecycleRules } from './rules/ecr-lifecycle.ts'
import { ecrPutRules } from './rules/ecr-put.ts'
import { healthRules } from './rules/health.ts'
import { logsRules } from './rules/logs.ts'
import { logsSearchRules } from './rules/logs-search.ts'
import { referrersRules } from './rules/referrers.ts'
import { registryRules } from './rules/registry.ts'
import { rolloutRules } from './rules/rollouts.ts'
import { serviceDeploymentRules } from './rules/service-deployments.ts'
import { serviceRules } from './rules/services.ts'
import { ssmRules } from './rules/ssm.ts'
import { ssmManyRules } from './rules/ssm-many.ts'
import { stsRules } from './rules/sts.ts'
import { taskDefinitionRules } from './rules/task-definitions.ts'
import { taskRules } from './rules/tasks.ts'
import { webIdentityRules } from './rules/web-identity.ts'

/** All rules, by service: what the local cloud promises to do as AWS does. */
export const rules: readonly Rule[] = [
  ...ecrRules,
  ...ecrGetRules,
  ...ecrPutRules,
  ...ecrLifecycleRules,
  ...registryRules,
  ...referrersRules,
  ...taskDefinitionRules,
  ...taskRules,
  ...serviceRules,
  ...capacityRules,
  ...rolloutRules,
  ...breakerRules,
  ...serviceDeploymentRules,
  ...healthRules,
  ...ssmRules,
  ...ssmManyRules,
  ...stsRules,
  ...webIdentityRules,
  ...logsRules,
  ...logsSearchRules,
]

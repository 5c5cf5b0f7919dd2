import type { Rule } from './rule.ts'
import { aliasWeightRules } from './rules/alias-weights.ts'
import { aliasRules } from './rules/aliases.ts'
import { breakerRules } from './rules/breaker.ts'
import { capacityRules } from './rules/capacity.ts'
import { documentRules } from './rules/documents.ts'
import { ecrRules } from './rules/ecr.ts'
import { ecrGetRules } from './rules/ecr-get.ts'
import { ecrLifecycleRules } from './rules/ecr-lifecycle.ts'
import { ecrPutRules } from './rules/ecr-put.ts'
import { functionImageRules } from './rules/function-images.ts'
import { functionVersionRules } from './rules/function-versions.ts'
import { functionRules } from './rules/functions.ts'
import { healthRules } from './rules/health.ts'
import { instanceRules } from './rules/instances.ts'
import { invocationRules } from './rules/invocations.ts'
import { logsRules } from './rules/logs.ts'
import { logsSearchRules } from './rules/logs-search.ts'
import { provisionedRules } from './rules/provisioned.ts'
import { referrersRules } from './rules/referrers.ts'
import { registryRules } from './rules/registry.ts'
import { rolloutRules } from './rules/rollouts.ts'
import { runCommandRules } from './rules/run-command.ts'
import { sendCommandRules } from './rules/send-command.ts'
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
  ...documentRules,
  ...sendCommandRules,
  ...runCommandRules,
  ...instanceRules,
  ...stsRules,
  ...webIdentityRules,
  ...logsRules,
  ...logsSearchRules,
  ...functionRules,
  ...functionImageRules,
  ...functionVersionRules,
  ...aliasRules,
  ...aliasWeightRules,
  ...provisionedRules,
  ...invocationRules,
]

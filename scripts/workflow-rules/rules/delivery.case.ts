import { type Cases, edit, expression } from '../edit.case.ts'

export const deliveryCases: Cases = {
  'no-rebuild-on-promotion': {
    caught: [
      edit('deliver.yml', "    if: needs.plan.outputs.build == 'true'\n", ''),
      edit('deliver.yml', 'operation: deliver', 'operation: promote'),
      edit('_deploy.yml', './actions/deploy-service', './actions/build-push-image'),
      edit('ci.yml', 'npm test', 'docker buildx build .'),
    ],
    passed: [edit('deliver.yml', 'operation: deliver', 'operation: hotfix')],
  },
  'dispatch-validated': {
    caught: [
      edit('promote.yml', 'group: promote-', `group: promote-${expression('inputs.reason')}-`),
      edit('promote.yml', '    needs: plan', `    needs: plan\n    if: inputs.reason != ''`),
      edit('promote.yml', 'permissions: {}', `permissions: {}\nenv:\n  ALL: ${expression('toJSON( inputs )')}`),
      edit('promote.yml', 'permissions: {}', `permissions: {}\nenv:\n  ALL: ${expression("inputs['reason']")}`),
    ],
    passed: [edit('promote.yml', '    needs: plan', `    needs: plan\n    if: inputs.environment != ''`)],
  },
  'matches-configuration': {
    caught: [
      edit('deliver.yml', '[dev, staging, main]', '[dev, main]'),
      edit('ci.yml', '[dev, staging, main]', '[dev, staging, master]'),
      edit('promote.yml', '[staging, prod]', '[dev, staging, prod]'),
      edit('ci.yml', " || github.base_ref == 'main'", ''),
    ],
    passed: [edit('deliver.yml', '[dev, staging, main]', '[main, staging, dev]')],
  },
}

import { type Cases, edit, expression } from '../edit.case.ts'

export const callsCases: Cases = {
  'known-inputs': {
    caught: [
      edit('_plan.yml', 'reason: $', 'reasons: $'),
      edit('deliver.yml', 'operation: deliver', 'operation: deliver\n      branch: dev'),
      edit('deliver.yml', '    with:\n      environment: dev\n', ''),
    ],
    passed: [edit('deliver.yml', 'operation: deliver', 'operation: deliver\n      reason: none')],
  },
  'known-outputs': {
    caught: [
      edit('deliver.yml', 'needs.plan.outputs.build', 'needs.plan.outputs.built'),
      edit('_plan.yml', 'steps.plan.outputs.build', 'steps.plan.outputs.builds'),
    ],
    passed: [
      edit('deliver.yml', "needs.plan.outputs.build == 'true'", "needs.plan.outputs.plan != ''"),
      edit(
        'ci.yml',
        'persist-credentials: false',
        `persist-credentials: false\n      - name: Count\n        id: count\n        run: echo "sum=1" >> "$GITHUB_OUTPUT"\n      - name: Say\n        run: echo "$SUM"\n        env:\n          SUM: ${expression('steps.count.outputs.sum')}`,
      ),
    ],
  },
  'all-outputs': {
    caught: [edit('_plan.yml', `      build:\n        value: ${expression('jobs.plan.outputs.build')}\n`, '')],
    passed: [
      edit(
        '_plan.yml',
        '    outputs:\n      plan:\n        value',
        '    outputs:\n      further:\n        value: yes\n      plan:\n        value',
      ),
    ],
  },
}

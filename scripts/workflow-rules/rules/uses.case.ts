import { type Cases, checkout, edit, expression } from '../edit.case.ts'

export const usesCases: Cases = {
  'forbidden-uses': {
    caught: [
      edit('ci.yml', checkout, 'tj-actions/changed-files@3d3c42e5aac5ba805825da76410c181273ba90b1'),
      edit('ci.yml', checkout, 'actions/checkout/sub@3d3c42e5aac5ba805825da76410c181273ba90b1'),
      edit('ci.yml', `${checkout} # v7.0.1`, 'docker://alpine:3'),
    ],
    passed: [edit('ci.yml', checkout, 'actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6')],
  },
  'unpinned-uses': {
    caught: [
      edit('ci.yml', checkout, 'actions/checkout@v7'),
      edit('ci.yml', checkout, 'actions/checkout@3d3c42e'),
      edit('ci.yml', ' # v7.0.1', ''),
      edit('ci.yml', ' # v7.0.1', ' # v7'),
    ],
    passed: [edit('ci.yml', checkout, 'actions/checkout@0123456789abcdef0123456789abcdef01234567')],
  },
  'local-uses': {
    caught: [
      edit('_plan.yml', './actions/plan-delivery', '$/actions/plan-delivery'),
      edit('_plan.yml', './actions/plan-delivery', './actions/unheard-of'),
      edit('_plan.yml', './actions/plan-delivery', './scripts/action'),
      edit('_plan.yml', `${checkout} # v7.0.1`, './actions/plan-delivery'),
      edit(
        '_plan.yml',
        'persist-credentials: false',
        `persist-credentials: false\n          ref: ${expression('inputs.reason')}`,
      ),
      edit('deliver.yml', './.github/workflows/_plan.yml', './.github/workflows/_other.yml'),
      edit('deliver.yml', './.github/workflows/_plan.yml', 'acme/shop/.github/workflows/_plan.yml@main'),
      edit('deliver.yml', './.github/workflows/_plan.yml', './.github/workflows/promote.yml'),
    ],
    passed: [
      edit('_plan.yml', 'persist-credentials: false', 'persist-credentials: false\n          fetch-depth: 0'),
      edit('_plan.yml', './actions/plan-delivery', './actions/deploy-service'),
    ],
  },
  artipacked: {
    caught: [
      edit('ci.yml', 'persist-credentials: false', 'fetch-depth: 1'),
      edit('ci.yml', 'credentials: false', 'credentials: true'),
    ],
    passed: [edit('ci.yml', 'persist-credentials: false', 'fetch-depth: 0\n          persist-credentials: false')],
  },
  node24: {
    caught: [edit('_plan.yml', './actions/plan-delivery', './actions/old')],
    passed: [edit('_plan.yml', './actions/plan-delivery', './actions/deploy-service')],
  },
}

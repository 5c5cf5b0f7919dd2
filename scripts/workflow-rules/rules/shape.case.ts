import { type Cases, edit, expression } from '../edit.case.ts'

export const shapeCases: Cases = {
  'dangerous-triggers': {
    caught: ['pull_request_target', 'workflow_run', 'issue_comment'].map((event) => edit('ci.yml', 'pull_request:', `${event}:`)),
    passed: [edit('ci.yml', 'pull_request:', 'merge_group:')],
  },
  'anonymous-definition': {
    caught: [
      edit('ci.yml', 'name: CI\n', ''),
      edit('ci.yml', '    name: Test\n    runs-on', '    runs-on'),
      edit('ci.yml', '- name: Test\n        run', '- run'),
    ],
    passed: [edit('ci.yml', 'name: Test\n        run', 'name: Tests\n        run')],
  },
  'missing-timeout': {
    caught: [
      edit('ci.yml', '    timeout-minutes: 5\n', ''),
      edit('ci.yml', 'timeout-minutes: 5', `timeout-minutes: ${expression('vars.PATIENCE')}`),
    ],
    passed: [edit('ci.yml', 'timeout-minutes: 5', 'timeout-minutes: 90')],
  },
  'self-hosted-runner': {
    caught: ['ubuntu-latest', 'self-hosted', '[ubuntu-24.04, gpu]'].map((label) => edit('ci.yml', 'ubuntu-24.04', label)),
    passed: [edit('ci.yml', 'runs-on: ubuntu-24.04', "runs-on: 'ubuntu-24.04'")],
  },
  'concurrency-limits': {
    caught: [
      edit('ci.yml', '  cancel-in-progress: true\n', ''),
      edit('release.yml', 'concurrency:\n  group: release\n  cancel-in-progress: false\n', 'concurrency: release\n'),
      edit('release.yml', 'concurrency:\n  group: release\n  cancel-in-progress: false\n', ''),
      edit('_build.yml', 'permissions: {}', 'permissions: {}\nconcurrency:\n  group: build\n  cancel-in-progress: false'),
    ],
    passed: [edit('ci.yml', 'cancel-in-progress: true', 'cancel-in-progress: false')],
  },
  'approval-holds-nothing': {
    caught: [
      edit('deliver.yml', 'github.run_id', 'github.ref'),
      edit('deliver.yml', 'cancel-in-progress: false', 'cancel-in-progress: true'),
      edit(
        '_deploy.yml',
        '    timeout-minutes',
        '    concurrency:\n      group: deploy\n      cancel-in-progress: false\n    timeout-minutes',
      ),
    ],
    passed: [
      edit(
        '_build.yml',
        '    timeout-minutes',
        '    concurrency:\n      group: build\n      cancel-in-progress: false\n    timeout-minutes',
      ),
      edit('deliver.yml', 'deliver-$', '$'),
    ],
  },
}

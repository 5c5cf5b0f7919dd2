import { type Cases, edit } from '../edit.case.ts'

export const permissionsCases: Cases = {
  'excessive-permissions': {
    caught: [
      edit('ci.yml', 'permissions: {}', 'permissions: read-all'),
      edit('ci.yml', 'permissions: {}', 'permissions:\n  contents: read # checkout'),
      edit('ci.yml', 'permissions: {}\n', ''),
      edit('ci.yml', '    permissions:\n      contents: read # checkout\n', ''),
      edit('ci.yml', '    permissions: {}', '    permissions: write-all'),
    ],
    passed: [edit('ci.yml', '    permissions: {}', '    permissions:\n      contents: read # checkout')],
  },
  'undocumented-permissions': {
    caught: [
      edit('ci.yml', ' # checkout', ''),
      edit('_deploy.yml', 'id-token: write # the role deploy', '# the role deploy\n      id-token: write'),
    ],
    passed: [edit('ci.yml', '# checkout', '# to read the sources')],
  },
  'called-permissions': {
    caught: [
      edit('promote.yml', '      id-token: write # the role deploy\n', ''),
      edit('promote.yml', 'id-token: write # the role deploy', 'id-token: write # the role deploy\n      issues: write # more'),
      edit('promote.yml', 'contents: read # checkout', 'contents: write # more'),
    ],
    passed: [
      edit('deliver.yml', '      contents: read # checkout\n    steps', '      contents: write # a job of its own\n    steps'),
    ],
  },
}

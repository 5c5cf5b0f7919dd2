import { type Cases, checkout, edit, sound } from '../edit.case.ts'

export const credentialsCases: Cases = {
  'aws-in-reusable-only': {
    caught: [
      edit('ci.yml', 'contents: read # checkout', 'contents: read # checkout\n      id-token: write # the role deploy'),
      edit('ci.yml', 'persist-credentials: false', 'persist-credentials: false\n          role-to-assume: arn:aws:iam::1:role/a'),
      edit('_deploy.yml', '  workflow_call:', '  workflow_dispatch:\n  workflow_call:'),
    ],
    passed: [edit('_deploy.yml', 'shop-dev-deploy', 'shop-dev-other')],
  },
  'in-process-credentials': {
    caught: [
      edit(
        '_deploy.yml',
        '        with:\n          aws',
        '        env:\n          AWS_SESSION_TOKEN: token\n        with:\n          aws',
      ),
      edit('_infra.yml', 'npm run cdk -- deploy', 'npm run report'),
      edit('_infra.yml', "          allowed-account-ids: '222222222222'\n", ''),
      edit('_infra.yml', '          mask-aws-account-id: true\n', ''),
      ...['v6.2.0', 'v6.1.9', 'v5.9.9', 'v6'].map((version) => edit('_infra.yml', sound, sound.replace('v6.2.1', version))),
    ],
    passed: ['v6.2.2', 'v6.10.0', 'v7.0.0'].map((version) => edit('_infra.yml', sound, sound.replace('v6.2.1', version))),
  },
  'oidc-needs-environment': {
    caught: [
      edit('_build.yml', '    environment: build\n', ''),
      edit('_infra.yml', '    environment: dev-infra\n', ''),
      edit('_build.yml', "          aws-account-id: '111111111111'\n", ''),
      edit('_deploy.yml', '          role-to-assume: arn:aws:iam::222222222222:role/shop-dev-deploy\n', ''),
    ],
    passed: [
      edit(
        '_infra.yml',
        '  infra:\n    name: Infrastructure\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    environment: dev-infra\n',
        '  prepare:\n    name: Infrastructure\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n',
      ),
      edit('_build.yml', 'environment: build', 'environment:\n      name: build'),
      edit(
        '_deploy.yml',
        "aws-account-id: '222222222222'\n          role-to-assume: arn:aws:iam::222222222222:role/shop-dev-deploy",
        "plan: '{}'",
      ),
    ],
  },
  'oidc-own-code-only': {
    caught: [edit('_deploy.yml', checkout, 'docker/login-action@3d3c42e5aac5ba805825da76410c181273ba90b1')],
    passed: [edit('ci.yml', checkout, 'docker/login-action@3d3c42e5aac5ba805825da76410c181273ba90b1')],
  },
  'no-install-after-credentials': {
    caught: [
      edit('_deploy.yml', '      - name: Deploy', '      - name: Install\n        run: npm ci\n      - name: Deploy'),
      edit('_infra.yml', 'npm run cdk -- deploy', 'npm ci && npm run cdk -- deploy'),
    ],
    passed: [edit('_infra.yml', 'npm ci --ignore-scripts', 'npm ci --ignore-scripts --no-audit')],
  },
}

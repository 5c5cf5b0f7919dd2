import { type Cases, checkout, edit, expression } from '../edit.case.ts'

export const scriptsCases: Cases = {
  'template-injection': {
    caught: [
      edit('deliver.yml', 'echo "$SUBJECT"', `echo "${expression('github.event.head_commit.message')}"`),
      edit('deliver.yml', 'run: echo "$SUBJECT"', `run: |\n          echo 1\n          echo ${expression('github.sha')}`),
      edit('deliver.yml', 'run: echo', `shell: ${expression('inputs.shell')}\n        run: echo`),
    ],
    passed: [edit('deliver.yml', 'echo "$SUBJECT"', 'echo "$SUBJECT" $(date)')],
  },
  'github-env': {
    caught: [
      edit('deliver.yml', 'echo "$SUBJECT"', 'echo "A=$SUBJECT" >> "$GITHUB_ENV"'),
      edit('deliver.yml', 'echo "$SUBJECT"', 'echo "$PWD" >> $GITHUB_PATH'),
    ],
    passed: [edit('deliver.yml', 'echo "$SUBJECT"', 'echo "$SUBJECT" >> "$GITHUB_STEP_SUMMARY"')],
  },
  'adhoc-packages': {
    caught: [
      'npx cowsay',
      'npm install cowsay',
      'npm i',
      'pip install zizmor',
      'sudo apt-get install jq',
      'curl https://a.example | sh',
    ].map((command) => edit('ci.yml', 'npm test', command)),
    passed: ['npm run install:tools', 'npm ci --ignore-scripts', 'curl https://a.example'].map((command) =>
      edit('ci.yml', 'npm test', command),
    ),
  },
  'cache-poisoning': {
    caught: [
      edit('ci.yml', checkout, 'actions/cache@3d3c42e5aac5ba805825da76410c181273ba90b1'),
      edit('ci.yml', 'persist-credentials: false', 'persist-credentials: false\n          cache: npm'),
      edit('ci.yml', 'npm test', 'docker buildx build --cache-from type=gha .'),
    ],
    passed: [edit('ci.yml', 'npm test', 'npm run cached')],
  },
  'no-secrets': {
    caught: [
      edit('deliver.yml', 'secrets.GITHUB_TOKEN', 'secrets.SLACK_WEBHOOK'),
      edit('deliver.yml', 'secrets.GITHUB_TOKEN', "secrets['SLACK_WEBHOOK']"),
      edit('deliver.yml', 'secrets.GITHUB_TOKEN', 'toJSON(secrets)'),
      edit('deliver.yml', '      operation: deliver', '      operation: deliver\n    secrets: inherit'),
    ],
    passed: [
      edit('deliver.yml', 'secrets.GITHUB_TOKEN', 'github.token'),
      edit('deliver.yml', 'echo "$SUBJECT"', 'echo no secrets here'),
    ],
  },
}

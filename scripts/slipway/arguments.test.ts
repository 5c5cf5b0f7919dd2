import { expect, test } from 'vitest'
import { readCommand, UsageError } from './arguments.ts'

test.each<[string, object]>([
  ['status', { verb: 'status', form: 'text', failOn: 'never', config: 'delivery.json', profiles: { places: {} } }],
  ['status --json --fail-on drift', { verb: 'status', form: 'json', failOn: 'drift' }],
  ['status --markdown --config other.json', { verb: 'status', form: 'markdown', config: 'other.json' }],
  ['deploy dev', { verb: 'deploy', environment: 'dev', dryRun: false, yes: false }],
  ['deploy dev --dry-run -y', { verb: 'deploy', environment: 'dev', dryRun: true, yes: true }],
  ['promote prod --release rel-0123456789abcdef', { verb: 'promote', environment: 'prod', release: 'rel-0123456789abcdef' }],
  [
    'rollback prod --to rel-0123456789abcdef --reason slow',
    { verb: 'rollback', release: 'rel-0123456789abcdef', reason: 'slow' },
  ],
  ['hold prod --reason x', { verb: 'hold', environment: 'prod', reason: 'x' }],
  ['resume prod', { verb: 'resume', environment: 'prod' }],
  ['status --profile all --profile prod=p', { profiles: { places: { prod: 'p' }, otherwise: 'all' } }],
  ['status --help', { verb: 'help' }],
  ['help', { verb: 'help' }],
])('%s', (line, command) => {
  expect(readCommand(line.split(' '))).toMatchObject(command)
})

test.each<[string[], string]>([
  [[], 'a command is missing: one of status, deploy, promote, rollback, hold, resume'],
  [['stats'], "there is no command 'stats'; was 'status' meant?"],
  [['destroy', 'prod'], "there is no command 'destroy': one of"],
  [['deploy'], 'deploy needs an environment: deploy ENV'],
  [['deploy', 'dev', 'staging'], 'deploy takes one environment, got dev staging'],
  [['status', 'dev'], "status shows every environment; it takes no 'dev'"],
  [['status', '--yes'], '--yes goes with deploy, promote, rollback, hold, resume, not with status'],
  [['deploy', 'dev', '--reason', 'x'], '--reason goes with rollback, hold, not with deploy'],
  [['promote', 'prod', '--to', 'rel-0123456789abcdef'], '--to goes with rollback, not with promote'],
  [['promote', 'prod', '--release', 'latest'], '--release must be the id of a release as status shows it'],
  [['rollback', 'prod', '--to', '$(id)'], "for example rel-0123456789abcdef, got '$(id)'"],
  [['hold', 'prod'], "hold needs --reason 'WHY'"],
  [['hold', 'prod', '--reason', 'a\nb'], '--reason must be one line of 1 to 500 characters'],
  [['hold', 'prod', '--reason', '\u001b[31m'], '--reason must be one line'],
  [['hold', 'prod', '--reason', 'x'.repeat(501)], '--reason must be one line'],
  [['hold', 'prod', '--reason', ' '], '--reason must be one line'],
  [['status', '--json', '--markdown'], '--markdown and --json exclude each other'],
  [['status', '--fail-on', 'always'], "--fail-on must be drift or never, got 'always'"],
  [['status', '--profile', '=x'], "--profile must be NAME or ENV=NAME, for example prod=shop-prod, got '=x'"],
  [['status', '--profile', 'a', '--profile', 'b'], '--profile is given twice for everything'],
  [['status', '--profile', 'prod=a', '--profile', 'prod=b'], '--profile is given twice for prod'],
  [['status', '--region', 'x'], "unknown option '--region'"],
  [['promote', 'prod', '--release'], "option '--release <value>' argument missing"],
])('%j is refused in words', (args, words) => {
  expect(() => readCommand(args)).toThrow(UsageError)
  expect(() => readCommand(args)).toThrow(words)
})

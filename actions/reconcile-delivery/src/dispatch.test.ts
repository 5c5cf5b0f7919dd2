import { expect, test } from 'vitest'
import type { Board, EnvironmentBoard, Next } from '../../../lib/delivery/board/board.ts'
import { decideDispatches, type WorkflowRun } from './dispatch.ts'

const environment = (name: string, state: Next['state']): EnvironmentBoard => ({
  environment: name,
  account: '444444444444',
  region: 'eu-west-1',
  services: [],
  branch: { name: 'main', ref: 'refs/remotes/origin/main', commit: 'c'.repeat(40), position: 'behind' },
  next: { state, reason: 'staging has verified it' },
  findings: [],
})

const board = (state: Next['state']): Board => ({
  version: 1,
  project: 'shop',
  at: '',
  drift: false,
  unreadable: [],
  ready: [],
  environments: [environment('prod', state)],
})

const run = (status: string, conclusion = '', event = 'push'): WorkflowRun => ({
  id: 9,
  status,
  conclusion,
  event,
  url: 'https://run',
})

test.each<[string, WorkflowRun[], boolean, 'start' | 'leave', string]>([
  ['no run yet', [], false, 'start', 'staging has verified it'],
  ['a run that ended green, because its promotion was pending', [run('completed', 'success')], false, 'start', ''],
  ['a run in progress', [run('in_progress')], false, 'leave', 'a run is in progress: https://run'],
  ['a run that waits for an approval', [run('waiting'), run('completed', 'success')], false, 'leave', 'a run is waiting'],
  ['a queued run behind one that ended', [run('completed', 'success'), run('queued')], false, 'leave', 'a run is queued'],
  ['a push that its plan refused', [run('completed', 'failure')], true, 'start', ''],
  [
    'a push that failed after its plan',
    [run('completed', 'failure')],
    false,
    'leave',
    'ended as failure (https://run); when that is mended: gh workflow run deliver.yml --ref main',
  ],
  ['a run of ours that its plan refused', [run('completed', 'failure', 'workflow_dispatch')], true, 'leave', 'failure'],
  ['a run that somebody cancelled', [run('completed', 'cancelled')], false, 'leave', 'cancelled'],
  ['a run that timed out', [run('completed', 'timed_out')], false, 'leave', 'timed out'],
])('a ready branch with %s', async (_, runs, refused, decision, words) => {
  const port = { newest: async () => runs, refused: async () => refused, start: async () => undefined }
  const [decided] = await decideDispatches(board('ready'), port)
  expect(decided).toMatchObject({ branch: 'main', decision, reason: expect.stringContaining(words) })
})

test.each(['none', 'merge', 'undelivered', 'pending', 'refused', 'unknown'] as const)(
  '%s starts nothing and asks nothing',
  async (state) => {
    const port = { newest: () => Promise.reject(), refused: () => Promise.reject(), start: () => Promise.reject() }
    expect(await decideDispatches(board(state), port)).toEqual([])
  },
)

test('a ready branch whose environment somebody has the lease of is left alone', async () => {
  const locked = (stuck: boolean): Board => {
    const [prod] = board('ready').environments as [EnvironmentBoard]
    return { ...board('ready'), environments: [{ ...prod, lock: { owner: '7', purpose: 'rollback', expires: '', stuck } }] }
  }
  const port = { newest: async () => [], refused: async () => false, start: async () => undefined }
  expect(await decideDispatches(locked(false), port)).toEqual([
    { branch: 'main', decision: 'leave', reason: '7 has the lease of prod (rollback)' },
  ])
  expect((await decideDispatches(locked(true), port))[0]?.decision).toBe('start')
})

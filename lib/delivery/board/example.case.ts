import { environment, facts, head, imageUri, now, release, running } from './facts.case.ts'
import type { Facts } from './facts.ts'

/** What docs/status-and-cli.md shows: dev is ahead, staging is held after a rollback, somebody changed prod by hand. */
export const documented = (): Facts => {
  const { place } = environment('prod', 'a')
  const { freeze: _, ...open } = place
  return facts({
    dev: {
      head: head('b'),
      history: [
        { release: release('a'), writtenAt: now },
        { release: release('c'), writtenAt: now },
        { release: release('b', { verifiedAt: '2026-11-23T11:40:00.000Z', actor: 'ada' }), writtenAt: now },
      ],
      services: [{ name: 'api', target: 'ecs', image: 'app', record: imageUri('b'), live: running('b') }],
    },
    staging: {
      hold: {
        state: 'held',
        release: release('c').release,
        reason: 'orders are slow',
        by: 'ada',
        at: '2026-11-23T10:00:00Z',
        run: 'https://github.com/acme/shop/actions/runs/8',
      },
      head: head('c', { ref: 'refs/remotes/origin/staging', distance: { behind: 2, ahead: 0 } }),
      history: [
        {
          release: release('a', { kind: 'rollback', reason: 'orders are slow', actor: 'ada', rejected: [release('c').release] }),
          writtenAt: Date.parse('2026-11-23T10:05:00Z'),
        },
      ],
    },
    prod: {
      place: open,
      services: [{ name: 'api', target: 'ecs', image: 'app', record: imageUri('a'), live: running('d', 4, 4) }],
    },
  })
}

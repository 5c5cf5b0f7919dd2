import { expect, test } from 'vitest'
import { digest, environment, now, release } from '../../../lib/delivery/board/facts.case.ts'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { readImages } from './images.ts'
import type { Ports } from './ports.ts'

test('the images of a way back are those of the release that it would bring, not of one that came in part', async () => {
  const A = release('a')
  const part = release('b', { release: 'rel-part', partial: true, previous: A.release })
  const whole = release('b', { previous: part.release })
  const history = [A, part, whole].map((each) => ({ release: each, writtenAt: now }))
  const asked: string[] = []
  const ports: Pick<Ports, 'openRegistry'> = {
    openRegistry: async () => ({
      guard: async () => {},
      images: async (_, references) => {
        asked.push(...references)
        return new Map()
      },
    }),
  }
  const { environments } = await readImages(example(), [{ ...environment('dev', 'a'), history }], ports as Ports)
  const kept = environments[0]?.kept.map((image) => [image.role, image.release, image.digest])
  expect(kept).toEqual([
    ['runs', whole.release, digest('b')],
    ['rollback', A.release, digest('a')],
  ])
  expect(asked).toContain(`keep-dev-${A.release}`)
})

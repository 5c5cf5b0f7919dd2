import { expect, test } from 'vitest'
import { changesOf } from './changes.ts'
import { ownCommits } from './own-commits.ts'

const commit = (id: string, message: string, parents = ['p'], tree = `tree ${id}`) => ({ id, tree, parents, message })

test.each([
  ['Serve better (#12)', { subject: 'Serve better', pull: 12 }],
  ['Serve better (#12) ', { subject: 'Serve better', pull: 12 }],
  ['Serve better (#12)\n\ncloses #13', { subject: 'Serve better', pull: 12 }],
  ['Revert "Serve better (#12)" (#14)', { subject: 'Revert "Serve better (#12)"', pull: 14 }],
  ['see #12', { subject: 'see #12' }],
  ['(#99999999999)', { subject: '(#99999999999)' }],
  ['', { subject: '' }],
])('%j is one change', (message, expected) => {
  expect(changesOf([commit('1', message)], []).commits).toEqual([{ id: '1', ...expected }])
})

test('merges are no changes; those of pull requests are named, those between the branches of environments are not', () => {
  const log = [
    commit('1', 'Merge pull request #3 from acme/feature\n\nFeature', ['p', 'q']),
    commit('2', 'Merge pull request #4 from acme/dev', ['p', 'q']),
    commit('3', "Merge branch 'x'", ['p', 'q']),
    commit('4', 'Merge pull request #5 from acme/feature'),
  ]
  expect(changesOf(log, ['dev', 'main'])).toEqual({
    commits: [{ id: '4', subject: 'Merge pull request #5 from acme/feature' }],
    pulls: [3],
  })
})

test('a branch has of its own what is no merge, else the merges in which somebody settled a conflict', () => {
  const promotion = commit('m', 'Merge dev', ['p', 'q'], 'tree q')
  const settled = commit('s', 'Merge dev', ['p', 'q'], 'novel')
  const plain = commit('c', 'patch')
  const trees = new Map([
    ['p', 'tree p'],
    ['q', 'tree q'],
  ])
  const ids = (...commits: (typeof plain)[]) => ownCommits(commits, trees).map(({ id }) => id)
  expect(ids(promotion)).toEqual([])
  expect(ids(promotion, settled)).toEqual(['s'])
  expect(ids(promotion, settled, plain)).toEqual(['c'])
})

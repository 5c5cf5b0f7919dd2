import { expect, test } from 'vitest'
import type { Figure } from '../bench/figure.ts'
import { FIGURES } from '../bench/figures.ts'
import { read } from './docs-commands.ts'

const page = read('bench/README.md')
const quoted = (figures: readonly Figure[]): string[] => figures.map(({ name }) => `\`${name}\``)
const listed = (figures: readonly Figure[]): string => new Intl.ListFormat('en-GB').format(quoted(figures))

test('the page of the figures names all of them', () => {
  expect(page).toContain(`One figure: ${quoted(FIGURES).join(', ')}. `)
})

test('it says how often each is measured', () => {
  const [usual, ...others] = [...Map.groupBy(FIGURES, ({ runs }) => runs)].toSorted(([one], [other]) => other - one)
  const exceptions = others.map(([runs, figures]) => `${listed(figures)} ${runs}`)
  expect(page).toContain(`Default: ${usual?.[0]}; ${exceptions.join(', ')} |`)
})

test('it says which run alone', () => {
  expect(page).toContain(`${listed(FIGURES.filter(({ alone }) => alone))} cost processor time and run alone`)
})

import type { Change } from './change.ts'
import { isStateful } from './stateful.ts'

const REPLACEMENT = { no: '', may: 'perhaps', unknown: 'perhaps', yes: 'yes' }

/** What a change costs, in a word that is seen: `DELETED`, `REPLACED`; empty where it costs nothing. */
export const loss = ({ action, type, replacement, policy }: Change): string => {
  const what = action === 'Remove' ? 'DELETED' : action === 'Modify' && replacement === 'yes' ? 'REPLACED' : ''
  const isOpen = replacement === 'may' || replacement === 'unknown'
  if (what === '' && !(isOpen && isStateful(type))) return ''
  if (policy !== undefined && policy !== 'Delete') return `${what || 'perhaps replaced'}, the old one is kept (${policy})`
  if (what === '') return 'perhaps REPLACED, with what it holds'
  return isStateful(type) ? `${what}, with what it holds` : what.toLowerCase()
}

export const sayReplacement = ({ replacement }: Change): string => REPLACEMENT[replacement]

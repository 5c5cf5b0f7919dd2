import type { Finding, Status } from './finding.ts'

const WORDS: Record<Status, string> = { ok: 'ok    ', wrong: 'WRONG ', weak: 'weak  ', unseen: 'UNSEEN' }

/** What a person reads: by place, what is wrong with what mends it, and a count. */
export const render = (findings: Finding[]): string[] => {
  const places = [...new Set(findings.map(({ place }) => place))]
  return [
    ...places.flatMap((place) => [place, ...findings.filter((finding) => finding.place === place).flatMap(lines), '']),
    count(findings),
  ]
}

const lines = ({ status, message, mend }: Finding): string[] => [
  `  ${WORDS[status]}  ${message}`,
  ...(mend === undefined ? [] : [`          mend: ${mend}`]),
]

const count = (findings: Finding[]): string => {
  const of = (status: Status): number => findings.filter((finding) => finding.status === status).length
  return `${of('wrong')} wrong, ${of('unseen')} not seen, ${of('weak')} weak, ${of('ok')} ok`
}

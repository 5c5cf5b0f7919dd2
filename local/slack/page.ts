import type { SlackMessage } from './inbox.ts'

type Json = Record<string, unknown>
type Series = { name: string; data: { label: string; value: number }[] }

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Slack's mark-up, as far as reports use it. Slack's own escapes come first: what is left of `<…>` is a link or a mention. */
const mrkdwn = (text: string): string =>
  text
    .split(/(<[^>]+>)/)
    .map((part) => {
      const [, url, label] = /^<(https?:[^|>]+)\|([^>]*)>$/.exec(part) ?? []
      if (url !== undefined) return `<a href="${html(url)}">${unescaped(label ?? url)}</a>`
      if (/^<[!@#]/.test(part)) return `<b class="mention">${html(part.slice(1, -1))}</b>`
      return unescaped(part)
        .replaceAll(/```([\s\S]+?)```/g, '<pre>$1</pre>')
        .replaceAll(/`([^`\n]+)`/g, '<code>$1</code>')
        .replaceAll(/\*([^*\n]+)\*/g, '<b>$1</b>')
        .replaceAll('\n', '<br>')
    })
    .join('')

const unescaped = (text: string): string => html(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))

const textOf = (value: unknown): string => String((value as Json | undefined)?.['text'] ?? '')

const table = (block: Json): string => {
  const rows = (block['rows'] ?? []) as Json[][]
  const settings = (block['column_settings'] ?? []) as { align?: string }[]
  const cells = (row: Json[], tag: string): string =>
    row
      .map((cell, index) => `<${tag} style="text-align:${settings[index]?.align ?? 'left'}">${html(textOf(cell))}</${tag}>`)
      .join('')
  return `<table>${rows.map((row, index) => `<tr>${cells(row, index === 0 ? 'th' : 'td')}</tr>`).join('')}</table>`
}

const COLOURS = ['#8a8d91', '#1264a3', '#e01e5a', '#2eb67d']

const chart = (block: Json): string => {
  const { series = [], axis_config: axes = {} } = block['chart'] as { series?: Series[]; axis_config?: Json }
  const categories = (axes['categories'] ?? []) as string[]
  const most = Math.max(1, ...series.flatMap(({ data }) => data.map(({ value }) => value)))
  const x = (index: number): number => 50 + (index * 540) / Math.max(1, categories.length - 1)
  const y = (value: number): number => 180 - (value / most) * 160
  const lines = series.map(
    ({ data }, index) =>
      `<polyline fill="none" stroke="${COLOURS[index]}" stroke-width="2" points="${data.map(({ value }, at) => `${x(at)},${y(value)}`).join(' ')}"/>`,
  )
  const labels = categories.map((label, index) => `<text x="${x(index)}" y="198" text-anchor="middle">${html(label)}</text>`)
  const names = series.map(({ name }, index) => `<tspan fill="${COLOURS[index]}">━ ${html(name)}   </tspan>`)
  return `<figure><figcaption>${html(String(block['title']))}</figcaption><svg viewBox="0 0 610 240">
<text x="46" y="24" text-anchor="end">${most.toFixed(0)}</text><text x="46" y="184" text-anchor="end">0</text>
<line x1="50" y1="180" x2="590" y2="180" stroke="#ddd"/>${lines.join('')}${labels.join('')}
<text x="50" y="228">${names.join('')}</text></svg></figure>`
}

const RENDER: Record<string, (block: Json) => string> = {
  header: (block) => `<h2>${html(textOf(block['text']))}</h2>`,
  section: (block) =>
    block['text'] === undefined
      ? `<div class="fields">${((block['fields'] ?? []) as Json[]).map((field) => `<p>${mrkdwn(textOf(field))}</p>`).join('')}</div>`
      : `<p>${mrkdwn(textOf(block['text']))}</p>`,
  context: (block) =>
    ((block['elements'] ?? []) as Json[]).map((element) => `<p class="context">${mrkdwn(textOf(element))}</p>`).join(''),
  divider: () => '<hr>',
  table,
  data_visualization: chart,
}

const message = ({ ts, channel, text, blocks, edited }: SlackMessage): string =>
  `<article><p class="context">${html(channel)} · ${html(ts)}${edited ? ' · edited' : ''}</p>${
    blocks?.map((block) => RENDER[String(block['type'])]?.(block) ?? '').join('') ?? `<p>${mrkdwn(text)}</p>`
  }</article>`

/** The last messages, newest first, about as Slack would show them. */
export const inboxPage = (messages: readonly SlackMessage[]): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Slack, here</title><style>
body{font:15px/1.46 system-ui,sans-serif;max-width:660px;margin:2em auto;color:#1d1c1d}
article{border:1px solid #ddd;border-radius:8px;padding:.5em 1.2em;margin-bottom:1em}
h2{font-size:18px;margin:.5em 0}.fields{display:grid;grid-template-columns:1fr 1fr;gap:0 1em}.fields p{margin:.3em 0}
.context{color:#616061;font-size:12px;margin:.4em 0}.mention{background:#fff3d6}
table{border-collapse:collapse;width:100%;margin:.6em 0}td,th{border:1px solid #ddd;padding:.25em .6em}
figure{margin:.6em 0}svg{width:100%}svg text{font:11px system-ui,sans-serif}code,pre{background:#f6f6f6;border-radius:3px;padding:0 .2em}
</style><h1>Slack, here</h1>${messages.length === 0 ? '<p>No message yet.</p>' : messages.slice(-20).toReversed().map(message).join('\n')}</html>`

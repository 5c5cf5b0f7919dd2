import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, BootstraplessSynthesizer, CfnOutput, CfnResource, type IStackSynthesizer, Stack } from 'aws-cdk-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkTemplates } from './checks.ts'
import { CAUGHT } from './rules.case.ts'
import { faultsOf } from './whole-template.ts'

const outdir = mkdtempSync(join(tmpdir(), 'rules-'))
afterAll(() => rmSync(outdir, { recursive: true }))

type Report = {
  pluginReports: { violations: { ruleName: string; violatingConstructs: { constructPath?: string }[] }[] }[]
}

let found: { rule: string; stack: string }[] = []
let failure: unknown
beforeAll(() => {
  const app = new App({ outdir, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } })
  const stack = (name: string) =>
    new Stack(app, name, { synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer, analyticsReporting: false })
  for (const [rule, templates] of Object.entries(CAUGHT)) {
    for (const [index, resources] of templates.entries()) {
      const made = stack(nameOf(rule, index))
      for (const [id, { type, properties = {} }] of Object.entries(resources)) new CfnResource(made, id, { type, properties })
    }
  }
  const exporting = stack(nameOf('no_export', 0))
  new CfnOutput(exporting, 'Out', { value: 'x', exportName: 'x' })
  try {
    checkTemplates(app).synth()
  } catch (error) {
    failure = error
  }
  const { pluginReports }: Report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'))
  found = pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath = '' }) => ({ rule: ruleName, stack: constructPath.split('/')[0] ?? '' })),
    ),
  )
}, 60_000)

const nameOf = (rule: string, index: number): string => `${rule.replaceAll('_', '-')}-${index}`

const rules = readdirSync(join(import.meta.dirname, 'rules')).flatMap((file) =>
  [...readFileSync(join(import.meta.dirname, 'rules', file), 'utf8').matchAll(/^rule (\w+)(?= )/gm)].map(
    ([, name]) => name ?? '',
  ),
)

/** Those that are not in Guard's language. */
const WHOLE = ['no_import', 'template_fits_a_request']

describe('our rules', () => {
  it('end the synthesis', () => {
    expect(String(failure)).toContain('parameters_are_outputs')
  })

  it.each([...Object.keys(CAUGHT), 'no_export'])('%s finds what it is for, and no other of them does', (rule) => {
    const own = new Set([...rules, ...WHOLE])
    for (const index of (CAUGHT[rule] ?? [{}]).keys()) {
      const here = found.filter((entry) => entry.stack === nameOf(rule, index) && own.has(entry.rule)).map((entry) => entry.rule)
      expect([...new Set(here)], nameOf(rule, index)).toEqual([rule])
    }
  })

  it('each have a template that they find', () => {
    expect(rules.toSorted()).toEqual([...Object.keys(CAUGHT), 'no_export'].filter((rule) => !WHOLE.includes(rule)).toSorted())
  })

  it('find a template that CloudFormation would not take, with its size and what to do', () => {
    const resources = (length: number) => ({ Resources: { A: { Type: 'x', Description: 'ä'.repeat(length / 2) } } })
    expect(faultsOf(resources(50_000))).toEqual({})
    expect(faultsOf(resources(51_200))['template_fits_a_request']).toMatch(/^has 512\d\d bytes .* takes 51200 .*stack of its own/)
  })
})

import { describe, expect, it } from 'vitest'
import { approvedOf, readApproved, writeApproved } from './approved.ts'
import { type Given, IMAGE, modify, preparing, standing, VPC, wanted } from './prepare.case.ts'

describe('prepare', () => {
  it('asks for no change set where only another image is recorded', async () => {
    expect(await preparing({ there: standing() })).toMatchObject({ one: { kind: 'unchanged' }, asked: [] })
  })

  it.each<[string, Given]>([
    ['another template', { there: standing(), stack: wanted(1024) }],
    ['other tags', { there: standing({ tags: { a: 'c' } }) }],
    ['another protection', { there: standing(), stack: wanted(512, { protect: true }) }],
    ['another value that is looked up', { there: standing(), values: { [IMAGE]: 'app@1', [VPC]: 'vpc-2' } }],
    [
      'a creation that was not brought to its end',
      { there: standing({ parameters: { ...standing().parameters, Created: { value: 'no' } } }) },
    ],
    [
      'a service that was delivered since',
      { there: standing({ parameters: { ...standing().parameters, Delivered: { value: 'no' } } }) },
    ],
  ])('asks for one with %s', async (_, given) => {
    const { one, asked } = await preparing(given)
    expect(one.kind).toBe('update')
    expect(asked).toMatchObject([{ kind: 'UPDATE', parameters: { Created: 'yes', Delivered: 'yes' }, role: 'role' }])
    expect(asked[0]?.name).toMatch(/^slipway-prepare-7-1-\w{8}$/)
  })

  it('makes a stack that is not there without tasks, and as if its service had never been delivered', async () => {
    const { one, asked } = await preparing({})
    expect(one.kind).toBe('create')
    expect(asked).toMatchObject([{ kind: 'CREATE', parameters: { Created: 'no', Delivered: 'no' } }])
  })

  it('shows the templates where something is looked up that is not there yet, and leaves out what has no image', async () => {
    const early = await preparing({ values: { [IMAGE]: 'app@1' } })
    expect(early.one).toMatchObject({ kind: 'create', previewed: `${VPC} is not there yet` })
    expect(early.one.changes.map(({ id, action }) => `${action} ${id}`)).toEqual(['Add Task'])
    const without = await preparing({ values: { [VPC]: 'vpc-1' } })
    expect(without.one.kind).toBe('left-out')
    expect(approvedOf(without.job, without.prepared.stacks).stacks).toEqual({})
  })

  it('refuses a stack that stands and whose image is recorded no more', async () => {
    const given = { there: standing(), values: { [VPC]: 'vpc-1' } }
    await expect(preparing(given)).rejects.toThrow(`shop-dev-service-api exists, and no image is recorded in ${IMAGE} any more`)
  })

  it('calls nothing the image’s of which the templates say something else', async () => {
    const changes = [modify('Task', ['OfImage']), modify('Other', ['OfImage'])]
    const { one } = await preparing({ there: standing(), stack: wanted(1024), changes })
    expect([...one.byImage]).toEqual(['Other'])
  })

  it.each([
    ['UPDATE_IN_PROGRESS', /is UPDATE_IN_PROGRESS: wait/],
    ['UPDATE_ROLLBACK_FAILED', /continue-update-rollback/],
  ])('refuses a stack in %s', async (status, words) => {
    await expect(preparing({ there: standing({ status }) })).rejects.toThrow(words)
  })

  it('hands on what is to be approved, and reads the same back', async () => {
    const { prepared, job } = await preparing({ there: standing(), stack: wanted(1024), changes: [modify('Task', [])] })
    const approved = approvedOf(job, prepared.stacks)
    expect(readApproved(JSON.parse(writeApproved(approved)))).toEqual(approved)
    expect(approved.stacks['shop-dev-service-api']).toMatchObject({
      kind: 'update',
      parameters: { OfVpc: 'vpc-1' },
      changes: [['Task', 'AWS::ECS::TaskDefinition', 'Modify', 'yes', ['ContainerDefinitions']]],
    })
    expect(() => readApproved({ environment: 'dev' })).toThrow(/input 'approved' is not what 'operation: prepare' has put out/)
    const many = Array.from({ length: 2_000 }, (_, index) => modify(`Resource${index}`, []))
    const tooMuch = prepared.stacks.map((stack) => ({ ...stack, changes: many }))
    expect(() => writeApproved(approvedOf(job, tooMuch))).toThrow(/too many changes for one approval/)
  })
})

import { describe, expect, it } from 'vitest'
import { IMAGE, modify, preparing, standing, VPC, wanted } from './prepare.case.ts'
import { summaryOfPreparation } from './summary.ts'

describe('the summary of a preparation', () => {
  it('says that CloudFormation is told first of an image that was delivered since', async () => {
    const told = /First CloudFormation is told which image is recorded/
    const { prepared } = await preparing({ there: standing(), stack: wanted(1024) })
    expect(summaryOfPreparation('dev', prepared)).toMatch(told)
    const values = { [IMAGE]: 'app@1', [VPC]: 'vpc-1' }
    const same = await preparing({ there: standing(), stack: wanted(1024), values })
    expect(summaryOfPreparation('dev', same.prepared)).not.toMatch(told)
  })

  it('says of changes that only the templates show what becomes of replacements', async () => {
    const stack = wanted(1024, { lookups: { OfImage: IMAGE, OfVpc: '/new' } })
    const { prepared } = await preparing({ there: standing(), stack })
    expect(summaryOfPreparation('dev', prepared)).toMatch(/Should something turn out to be replaced that holds data/)
  })

  it('shouts what is lost, and says what is let through', async () => {
    const changes = [
      { ...modify('Data', []), type: 'AWS::S3::Bucket' },
      { ...modify('Log', []), type: 'AWS::Logs::LogGroup', policy: 'Retain' },
    ]
    const { prepared } = await preparing({ there: standing(), stack: wanted(1024), changes })
    const text = summaryOfPreparation('dev', prepared)
    expect(text).toMatch(/`Data` .*\*\*REPLACED, with what it holds\*\*/)
    expect(text).toMatch(/`Log` .*the old one is kept/)
  })
})

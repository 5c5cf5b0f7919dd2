import type { Configuration } from '../../lib/delivery/configuration.ts'
import { parseHold, parseRelease, recordNames } from '../../lib/delivery/records.ts'
import { parseImage } from '../../lib/image.ts'
import type { Account, Parameter } from './account.ts'
import { type Finding, type Report, whenSeen } from './finding.ts'

/** Whether what is recorded of an environment can be read and understood; before the first delivery there is nothing. */
export const checkRecords = async (
  account: Account,
  configuration: Configuration,
  name: string,
  report: Report,
): Promise<Finding[]> => {
  const environment = configuration.environments[name]
  if (environment === undefined) return []
  const records = recordNames(configuration.project, name)
  const services = Object.keys(configuration.services)
  const slack = environment.slack === undefined ? [] : [environment.slack]
  const wanted = [records.release, records.hold, ...services.map(records.image), ...slack]
  return whenSeen(await account.parameters(environment.region, wanted), `the records of ${name}`, report, (found) => {
    const of = (parameter: string): Parameter | undefined => found.find((one) => one.name === parameter)
    const history = `aws ssm get-parameter-history --region ${environment.region} --name`
    return [
      ...checkRelease(of(records.release), name, report, history),
      ...checkHold(of(records.hold), name, report, history),
      ...services.flatMap((service) => checkImage(of(records.image(service)), report, history)),
      ...slack.flatMap((parameter) => checkSlack(parameter, of(parameter), environment.region, report)),
    ]
  })
}

const checkRelease = (parameter: Parameter | undefined, environment: string, report: Report, history: string): Finding[] => {
  if (parameter === undefined) return [report('ok', `nothing is recorded of ${environment}: nothing was delivered there yet`)]
  try {
    const { release, verifiedAt } = parseRelease(parameter.value, parameter.name)
    return [report('ok', `${environment} records the release ${release}, verified at ${verifiedAt}`)]
  } catch (error) {
    return [report('wrong', error instanceof Error ? error.message : String(error), `${history} ${parameter.name}`)]
  }
}

const checkHold = (parameter: Parameter | undefined, environment: string, report: Report, history: string): Finding[] => {
  if (parameter === undefined) return []
  try {
    const hold = parseHold(parameter.value, parameter.name)
    if (hold === undefined) return []
    return [
      report('weak', `${environment} is held by ${JSON.stringify(hold.by)} since ${hold.at}: ${JSON.stringify(hold.reason)}`),
    ]
  } catch (error) {
    return [report('wrong', error instanceof Error ? error.message : String(error), `${history} ${parameter.name}`)]
  }
}

const checkImage = (parameter: Parameter | undefined, report: Report, history: string): Finding[] => {
  if (parameter === undefined || parseImage(parameter.value)?.digest !== undefined) return []
  return [
    report('wrong', `the parameter ${parameter.name} does not hold an image with its digest`, `${history} ${parameter.name}`),
  ]
}

const checkSlack = (name: string, parameter: Parameter | undefined, region: string, report: Report): Finding[] => {
  const put = `aws ssm put-parameter --region ${region} --name ${name} --type SecureString --overwrite --value file://webhook.txt`
  if (parameter === undefined) return [report('wrong', `the parameter ${name} for Slack is missing`, put)]
  if (parameter.type === 'SecureString') return [report('ok', `the parameter ${name} for Slack is there`)]
  const remove = `aws ssm delete-parameter --region ${region} --name ${name}`
  return [
    report(
      'wrong',
      `the parameter ${name} for Slack is a ${parameter.type}, which everyone who reads parameters can read`,
      `${remove} && ${put}`,
    ),
  ]
}

import { CREATED, DELIVERED } from '../../../lib/infrastructure/template.ts'
import type { StandingStack, WantedStack } from './stack.ts'

/** The template parameters that are given a value; see `CREATED` and `DELIVERED`. All others have their default. */
export const givenTo = (
  { template }: Pick<WantedStack, 'template'>,
  standing: Pick<StandingStack, 'parameters'> | undefined,
  isDelivered: boolean,
): Record<string, string> => {
  const wasDelivered = standing?.parameters[DELIVERED]?.value === 'yes'
  const values = {
    [CREATED]: standing === undefined ? 'no' : 'yes',
    [DELIVERED]: wasDelivered || (standing !== undefined && isDelivered) ? 'yes' : 'no',
  }
  return Object.fromEntries(Object.entries(values).filter(([key]) => template.Parameters?.[key] !== undefined))
}

/** Whether the creation of what is there was brought to its end, see `CREATED`. */
export const isCreated = ({ parameters }: Pick<StandingStack, 'parameters'>): boolean =>
  (parameters[CREATED]?.value ?? 'yes') === 'yes'

/** How a unit becomes the base unit of its quantity: base = value × factor + offset. */
type Unit = { quantity: string; factor: number; offset?: number }

const units: Record<string, Unit> = {
  m: { quantity: 'length', factor: 1 },
  km: { quantity: 'length', factor: 1000 },
  mi: { quantity: 'length', factor: 1609.344 },
  ft: { quantity: 'length', factor: 0.3048 },
  kg: { quantity: 'mass', factor: 1 },
  lb: { quantity: 'mass', factor: 0.45359237 },
  oz: { quantity: 'mass', factor: 0.028349523125 },
  K: { quantity: 'temperature', factor: 1 },
  C: { quantity: 'temperature', factor: 1, offset: 273.15 },
  F: { quantity: 'temperature', factor: 5 / 9, offset: 459.67 * (5 / 9) },
}

export const unitNames = Object.keys(units)

const unit = (parameter: string, name: string | undefined): Unit => {
  const found = name !== undefined && Object.hasOwn(units, name) ? units[name] : undefined
  if (!found) throw new RangeError(`${parameter} is "${name ?? ''}"; it must be one of ${unitNames.join(', ')}`)
  return found
}

export type Question = { value: string | undefined; from: string | undefined; to: string | undefined }

/** Converts, to 12 significant digits. Throws a `RangeError` that a caller of the service can read. */
export const convert = ({ value, from, to }: Question): number => {
  const number = Number(value)
  if (!value?.trim() || !Number.isFinite(number))
    throw new RangeError(`value is "${value ?? ''}"; it must be a number, such as 12.5`)
  const [source, target] = [unit('from', from), unit('to', to)]
  if (source.quantity !== target.quantity) {
    throw new RangeError(`${from} is a unit of ${source.quantity} and ${to} one of ${target.quantity}; both must be of the same`)
  }
  const base = number * source.factor + (source.offset ?? 0)
  if (source.quantity === 'temperature' && base < 0) throw new RangeError(`${number} ${from} is below absolute zero`)
  return Number(((base - (target.offset ?? 0)) / target.factor).toPrecision(12))
}

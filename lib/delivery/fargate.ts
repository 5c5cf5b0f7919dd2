/** Memory in MiB that Fargate takes with each number of CPU units: least, most, step (ECS developer guide, "Task size"). */
const SIZES: Record<number, { least: number; most: number; step: number }> = {
  512: { least: 1024, most: 4096, step: 1024 },
  1024: { least: 2048, most: 8192, step: 1024 },
  2048: { least: 4096, most: 16384, step: 1024 },
  4096: { least: 8192, most: 30720, step: 1024 },
  8192: { least: 16384, most: 61440, step: 4096 },
  16384: { least: 32768, most: 122880, step: 8192 },
}

/** What Fargate takes instead of this pair; undefined where it takes the pair. 256 CPU units go with 512, 1024 or 2048. */
export const fargateRemedy = (cpu: number, memory: number): string | undefined => {
  if (cpu === 256) return [512, 1024, 2048].includes(memory) ? undefined : 'with cpu 256 memory must be one of 512, 1024, 2048'
  const size = SIZES[cpu]
  if (size === undefined) return `cpu must be one of 256, ${Object.keys(SIZES).join(', ')}`
  const fits = memory >= size.least && memory <= size.most && memory % size.step === 0
  return fits ? undefined : `with cpu ${cpu} memory must be ${size.least} to ${size.most} in steps of ${size.step}`
}

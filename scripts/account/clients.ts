/** Options that every client takes. */
export type ClientOptions = {
  region: string
  profile?: string
  requestHandler: { requestTimeout: number; connectionTimeout: number; throwOnRequestTimeout: true }
}

/** Makes a client of AWS for a region, with the credentials of one person. */
export type Clients = <C>(Client: new (options: ClientOptions) => C, region: string) => C

/** With those of a profile of the AWS configuration, else the default ones. `AWS_ENDPOINT_URL` is the SDK's own. */
export const clientsOf =
  (profile: string | undefined): Clients =>
  (Client, region) =>
    new Client({
      region,
      ...(profile !== undefined && { profile }),
      requestHandler: { requestTimeout: 20_000, connectionTimeout: 5_000, throwOnRequestTimeout: true },
    })

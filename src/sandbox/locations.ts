/** A region of the simulated cloud. `auto` is the second octet of its subnetwork in an auto-mode network (10.<auto>.0.0/20), as Google documents it. */
export type Region = {name: string; zones: string[]; auto: number; place: string}

const region = (name: string, zones: string, auto: number, place: string): Region => ({
  name,
  auto,
  place,
  zones: zones.split(' ').map((letter) => `${name}-${letter}`),
})

/** The regions that every simulated product is offered in. */
export const regions: readonly Region[] = [
  region('asia-east1', 'a b c', 140, 'Taiwan'),
  region('asia-northeast1', 'a b c', 146, 'Tokyo'),
  region('asia-south1', 'a b c', 160, 'Mumbai'),
  region('asia-southeast1', 'a b c', 148, 'Singapore'),
  region('australia-southeast1', 'a b c', 152, 'Sydney'),
  region('europe-west1', 'b c d', 132, 'Belgium'),
  region('europe-west2', 'a b c', 154, 'London'),
  region('europe-west3', 'a b c', 156, 'Frankfurt'),
  region('europe-west4', 'a b c', 164, 'Netherlands'),
  region('northamerica-northeast1', 'a b c', 162, 'Montréal'),
  region('southamerica-east1', 'a b c', 158, 'São Paulo'),
  region('us-central1', 'a b c f', 128, 'Iowa'),
  region('us-east1', 'b c d', 142, 'South Carolina'),
  region('us-east4', 'a b c', 150, 'Northern Virginia'),
  region('us-west1', 'a b c', 138, 'Oregon'),
  region('us-west2', 'a b c', 168, 'Los Angeles'),
]

/** The region of that name, if the simulated cloud has it. */
export const findRegion = (name: string): Region | undefined => regions.find((candidate) => candidate.name === name)

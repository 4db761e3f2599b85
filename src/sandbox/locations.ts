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
  region('africa-south1', 'a b c', 218, 'Johannesburg'),
  region('asia-east1', 'a b c', 140, 'Taiwan'),
  region('asia-east2', 'a b c', 170, 'Hong Kong'),
  region('asia-northeast1', 'a b c', 146, 'Tokyo'),
  region('asia-northeast2', 'a b c', 174, 'Osaka'),
  region('asia-northeast3', 'a b c', 178, 'Seoul'),
  region('asia-south1', 'a b c', 160, 'Mumbai'),
  region('asia-south2', 'a b c', 190, 'Delhi'),
  region('asia-southeast1', 'a b c', 148, 'Singapore'),
  region('asia-southeast2', 'a b c', 184, 'Jakarta'),
  region('australia-southeast1', 'a b c', 152, 'Sydney'),
  region('australia-southeast2', 'a b c', 192, 'Melbourne'),
  region('europe-central2', 'a b c', 186, 'Warsaw'),
  region('europe-north1', 'a b c', 166, 'Finland'),
  region('europe-north2', 'a b c', 226, 'Stockholm'),
  region('europe-southwest1', 'a b c', 204, 'Madrid'),
  region('europe-west1', 'b c d', 132, 'Belgium'),
  region('europe-west10', 'a b c', 214, 'Berlin'),
  region('europe-west12', 'a b c', 210, 'Turin'),
  region('europe-west2', 'a b c', 154, 'London'),
  region('europe-west3', 'a b c', 156, 'Frankfurt'),
  region('europe-west4', 'a b c', 164, 'Netherlands'),
  region('europe-west6', 'a b c', 172, 'Zurich'),
  region('europe-west8', 'a b c', 198, 'Milan'),
  region('europe-west9', 'a b c', 200, 'Paris'),
  region('me-central1', 'a b c', 212, 'Doha'),
  region('me-west1', 'a b c', 208, 'Tel Aviv'),
  region('northamerica-northeast1', 'a b c', 162, 'Montréal'),
  region('northamerica-northeast2', 'a b c', 188, 'Toronto'),
  region('northamerica-south1', 'a b c', 224, 'Mexico'),
  region('southamerica-east1', 'a b c', 158, 'São Paulo'),
  region('southamerica-west1', 'a b c', 194, 'Santiago'),
  region('us-central1', 'a b c f', 128, 'Iowa'),
  region('us-east1', 'b c d', 142, 'South Carolina'),
  region('us-east4', 'a b c', 150, 'Northern Virginia'),
  region('us-east5', 'a b c', 202, 'Columbus'),
  region('us-south1', 'a b c', 206, 'Dallas'),
  region('us-west1', 'a b c', 138, 'Oregon'),
  region('us-west2', 'a b c', 168, 'Los Angeles'),
  region('us-west3', 'a b c', 180, 'Salt Lake City'),
  region('us-west4', 'a b c', 182, 'Las Vegas'),
]

/** The region of that name, if the simulated cloud has it. */
export const findRegion = (name: string): Region | undefined => regions.find((candidate) => candidate.name === name)

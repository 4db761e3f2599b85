import type {Step} from './step.ts'

/** The simulator's own routes; each act is performed where its API is walked. */
export const sandboxWalk: readonly Step[] = [
  {call: 'GET /sandbox/v1/acts'},
  {call: 'POST /sandbox/v1/acts/none', body: {}, status: 404},
  {
    call: 'POST /iamcredentials/v1/projects/-/serviceAccounts/none@p.iam.gserviceaccount.com:generateAccessToken',
    body: {scope: []},
    status: 403,
  },
]

/** One thing about this machine: how it stands, and what to type where it does not. */
export type Diagnosis = {
  /** `credential`, `clock`, `gcloud`, …: stable. */
  id: string
  /** `note`: nothing is wrong, but worth knowing. `unknown`: could not be told. */
  status: 'ok' | 'note' | 'fail' | 'unknown'
  says: string
  /** What to type next; empty where there is nothing to do. */
  hint: string
}

export const diagnosis = (id: string, status: Diagnosis['status'], says: string, hint = ''): Diagnosis => ({id, status, says, hint})

import type {Settings} from '../repo/application/settings.ts'

/** A setting that limits what may be uploaded; `bytes` is absent where it has no default that can be read. */
export type UploadLimit = {file: string; line: number; variable: string; text: string; bytes?: number}

/** Settings such as MAX_CSV_SIZE_MB or UPLOAD_MAX_BYTES, in bytes. */
export const uploadLimits = ({fields}: Settings): UploadLimit[] =>
  fields.flatMap(({file, line, variables, path, default: usual}) => {
    const variable = (variables[0] ?? path).toUpperCase()
    const isLimit =
      /MAX|LIMIT/.test(variable) &&
      /CSV|UPLOAD|FILE|BODY|REQUEST|PAYLOAD|IMPORT/.test(variable) &&
      /SIZE|BYTES|_[KMG]I?B$|LENGTH/.test(variable)
    if (!isLimit || /ROWS|COUNT|COLUMNS|SECONDS|HEADER/.test(variable)) return []
    const unit = /_?G(?:I?B)$/.test(variable)
      ? 1024 ** 3
      : /_?M(?:I?B)$/.test(variable)
        ? 1024 ** 2
        : /_?K(?:I?B)$/.test(variable)
          ? 1024
          : 1
    const amount = usual.kind === 'literal' && typeof usual.value === 'number' ? usual.value : undefined
    return [
      {
        file,
        line,
        variable,
        text: amount === undefined ? 'without a default' : `${amount} by default`,
        ...(amount !== undefined && {bytes: amount * unit}),
      },
    ]
  })

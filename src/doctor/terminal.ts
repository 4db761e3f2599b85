import {diagnosis, type Diagnosis} from './diagnosis.ts'

type Stream = {isTTY?: boolean; columns?: number}

/** What this terminal can do, and so how qlogic will talk with you. */
export const examineTerminal = (
  {stdin, stdout, stderr}: {stdin: {isTTY?: boolean}; stdout: Stream; stderr: Stream},
  env: Readonly<Record<string, string | undefined>>,
): Diagnosis[] => {
  const asks = stdin.isTTY === true && stderr.isTTY === true
  const colour = stdout.isTTY === true && (env['NO_COLOR'] ?? '') === ''
  const language = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'] ?? ''
  return [
    asks
      ? diagnosis(
          'terminal',
          'ok',
          `A terminal ${stderr.columns ?? 80} columns wide${colour ? ', with colour' : ', without colour'}: qlogic can ask.`,
        )
      : diagnosis('terminal', 'note', 'No terminal: qlogic asks nothing here; every answer is a flag, and writing needs --yes.'),
    ...(language === '' || /utf-?8/i.test(language)
      ? []
      : [
          diagnosis(
            'characters',
            'note',
            `The locale ${language} is not UTF-8: signs such as ✓ may come out wrong.`,
            'export LC_ALL=C.UTF-8',
          ),
        ]),
  ]
}

/** The result of one check: one line, with the cure when something is wrong. */
export type Finding =
  | { readonly status: 'ok'; readonly subject: string; readonly detail: string }
  | { readonly status: 'problem'; readonly subject: string; readonly detail: string; readonly cure: string };

export function ok(subject: string, detail: string): Finding {
  return { status: 'ok', subject, detail };
}

export function problem(subject: string, detail: string, cure: string): Finding {
  return { status: 'problem', subject, detail, cure };
}

// Sending a form: the fields that the server refuses get its reasons, everything else goes to a FormError; what was typed
// is kept.
import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';

import { ApiProblem } from '@/api/problem';
import { useRefusalText } from './refusal_text';

// The errors of a 422 by form field, and whether all of them found one. `rename` maps the API's names to the form's
// where they differ; "scope.venue_id" also finds a field "scope".
export function fieldErrors(problem: ApiProblem, fields: readonly string[], rename: Record<string, string> = {}) {
  const errors: Record<string, string> = {};
  let complete = problem.errors.length > 0;
  for (const { field, detail } of problem.errors) {
    const names = [rename[field], field, field.split(/[.[]/)[0]].filter((name) => name !== undefined);
    const found = names.find((name) => fields.includes(name));
    if (found === undefined) complete = false;
    else errors[found] ??= detail;
  }
  return { errors, complete };
}

interface SubmitOptions {
  rename?: Record<string, string>;
}

// `submit` is for a form's onSubmit; `error` for its FormError.
export function useSubmit<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  send: (values: Values) => Promise<unknown>,
  { rename }: SubmitOptions = {},
) {
  const refusalText = useRefusalText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = form.onSubmit(async (values) => {
    setBusy(true);
    setError(null);
    try {
      await send(values);
    } catch (failure) {
      if (!(failure instanceof ApiProblem)) {
        setError(failure);
        return;
      }
      const { errors, complete } = fieldErrors(failure, Object.keys(values), rename);
      form.setErrors(Object.fromEntries(Object.entries(errors).map(([field, detail]) => [field, refusalText(detail)])));
      if (!complete) setError(failure);
    } finally {
      setBusy(false);
    }
  });
  return { submit, busy, error };
}

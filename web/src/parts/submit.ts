// Sending a form: the fields that the server refuses get its reasons, everything else goes to a FormError; what was typed
// is kept.
import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';

import { ApiProblem } from '@/api/problem';
import type { FieldError } from '@/api/schema';
import { refusalTexts } from './refusal_text';

// The errors of a 422 by form field, and whether all of them found one. `rename` maps the API's names to the form's
// where they differ; "scope.venue_id" also finds a field "scope".
export function fieldErrors(problem: ApiProblem, fields: readonly string[], rename: Record<string, string> = {}) {
  const errors: Record<string, FieldError> = {};
  let complete = problem.errors.length > 0;
  for (const each of problem.errors) {
    const { field } = each;
    const names = [rename[field], field, field.split(/[.[]/)[0]].filter((name) => name !== undefined);
    const found = names.find((name) => fields.includes(name));
    if (found === undefined) complete = false;
    else errors[found] ??= each;
  }
  return { errors, complete };
}

interface SubmitOptions {
  rename?: Record<string, string>;
}

// The keyboard goes to the first field that was refused, once it says so.
function focusFirstBad(form: EventTarget | null | undefined) {
  if (!(form instanceof HTMLElement)) return;
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
}

// `submit` is for a form's onSubmit; `error` for its FormError.
export function useSubmit<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  send: (values: Values) => Promise<unknown>,
  { rename }: SubmitOptions = {},
) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = form.onSubmit(async (values, event) => {
    const element = event?.currentTarget;
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
      const refusalText = await refusalTexts();
      form.setErrors(Object.fromEntries(Object.entries(errors).map(([field, each]) => [field, refusalText(each)])));
      if (!complete) setError(failure);
      else focusFirstBad(element);
    } finally {
      setBusy(false);
    }
  }, (_errors, _values, event) => focusFirstBad(event?.currentTarget));
  return { submit, busy, error };
}

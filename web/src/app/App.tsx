// Everything that stands around the pages: look, texts, data, routes, notices.
import { Center, Loader, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { lazy, Suspense, useMemo } from 'react';
import { RouterProvider } from 'react-router/dom';

import { useNoticesWanted } from '@/parts/notify';
import { useTranslation } from '@/texts/translation';
import { cssVariables, themeWith } from '@/theme';
import { colorSchemes } from './color_scheme';
import { queryClient } from './query_client';
import { router } from './routes';

// The page's policy lets in only the styles that carry this answer's nonce.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(nonce);

const Notices = lazy(async () => ({ default: (await import('./Notices')).Notices }));

export function App() {
  const { t } = useTranslation();
  const noticesWanted = useNoticesWanted();
  const theme = useMemo(() => themeWith({ clear: t('clear'), close: t('close') }), [t]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        {noticesWanted && <Suspense fallback={null}><Notices /></Suspense>}
        <Suspense fallback={<Center mih="100vh"><Loader /></Center>}>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  );
}

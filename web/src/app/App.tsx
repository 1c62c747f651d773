// Everything that stands around the pages: look, texts, data, routes, notices.
import { Center, Loader, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router/dom';

import { cssVariables, themeWith } from '@/theme';
import { colorSchemes } from './color_scheme';
import { queryClient } from './query_client';
import { router } from './routes';

// The page's policy lets in only the styles that carry this answer's nonce.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(nonce);

export function App() {
  const { t } = useTranslation();
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
        <Notifications position="bottom-right" limit={4} />
        <Suspense fallback={<Center mih="100vh"><Loader /></Center>}>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  );
}

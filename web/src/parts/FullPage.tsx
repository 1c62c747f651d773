// A page without the shell around it: first start, sign-in, and errors before either.
import { Box, Center } from '@mantine/core';
import type { ReactNode } from 'react';

export function FullPage({ children }: { children: ReactNode }) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Box w="100%" maw={460}>{children}</Box>
    </Center>
  );
}

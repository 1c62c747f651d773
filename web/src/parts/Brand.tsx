// The mark and the name; the name only where there is room.
import { Box } from '@mantine/core';

export function Brand({ named = 'sm' }: { named?: 'sm' | 'always' }) {
  return (
    <>
      <img src="/favicon.svg" alt="" width={26} height={26} />
      <Box component="span" visibleFrom={named === 'sm' ? 'sm' : undefined}>Shakehook</Box>
    </>
  );
}

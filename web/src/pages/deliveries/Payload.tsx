// A delivery's payload: to be read, as the very bytes that were signed, and as a command that sends it.
import { Stack, Tabs, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { DeliveryDetail } from '../../api/schema';
import { Code } from '../../parts/Code';
import { Panel } from '../../parts/Panel';
import { curlOf } from './curl';

// Only spaces are added: JSON.parse would lose the digits of large numbers.
export function indentJson(compact: string): string {
  let depth = 0;
  let inText = false;
  let out = '';
  for (let i = 0; i < compact.length; ++i) {
    const char = compact[i]!;
    if (inText) {
      out += char;
      if (char === '\\') out += compact[++i] ?? '';
      else if (char === '"') inText = false;
    } else if (char === '"') {
      inText = true;
      out += char;
    } else if ((char === '{' || char === '[') && (compact[i + 1] === '}' || compact[i + 1] === ']')) {
      out += char + compact[++i];
    } else if (char === '{' || char === '[') {
      out += `${char}\n${'  '.repeat(++depth)}`;
    } else if (char === '}' || char === ']') {
      out += `\n${'  '.repeat(--depth)}${char}`;
    } else if (char === ',') {
      out += `,\n${'  '.repeat(depth)}`;
    } else {
      out += char === ':' ? ': ' : char;
    }
  }
  return out;
}

export function Payload({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation('deliveries');
  return (
    <Panel title={t('payload.title')}>
      <Tabs defaultValue="formatted">
        <Tabs.List mb="md">
          <Tabs.Tab value="formatted">{t('payload.formatted')}</Tabs.Tab>
          <Tabs.Tab value="raw">{t('payload.raw')}</Tabs.Tab>
          <Tabs.Tab value="curl">curl</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="formatted"><Code label={t('payload.formatted')}>{indentJson(delivery.payload)}</Code></Tabs.Panel>
        <Tabs.Panel value="raw">
          <Stack gap="xs">
            <Text size="sm" c="dimmed">{t('payload.raw_text')}</Text>
            <Code label={t('payload.raw')} wrap>{delivery.payload}</Code>
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="curl"><Code label="curl" wrap>{curlOf(delivery)}</Code></Tabs.Panel>
      </Tabs>
    </Panel>
  );
}

// One inbox: how it answers, and what it received last, each with the verdict on its signature.
import { Accordion, Group, type PaperProps, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconInbox } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

import { api, call } from '@/api/client';
import type { Inbox, InboxRequest } from '@/api/schema';
import { useMay } from '@/context/session';
import { Badge } from '@/parts/Badge';
import { Code } from '@/parts/Code';
import { EmptyState } from '@/parts/EmptyState';
import { FormError } from '@/parts/FormError';
import { JsonTree } from '@/parts/json/JsonTree';
import { Loaded } from '@/parts/Loaded';
import { Panel } from '@/parts/Panel';
import { Segments } from '@/parts/Segments';
import { Time } from '@/parts/Time';
import { inboxesKey, useInboxRequests } from '@/queries/inboxes';
import { useTranslation } from '@/texts/translation';

const behaviours = ['ok', 'error', 'slow', 'silent'] as const;
const signatureColors = { right: 'teal', wrong: 'red', missing: 'gray' } as const;

interface InboxPanelProps extends PaperProps {
  inbox: Inbox;
  actions?: ReactNode;
}

export function InboxPanel({ inbox, actions, ...paper }: InboxPanelProps) {
  const { t } = useTranslation('inboxes');
  const requests = useInboxRequests(inbox.id);
  return (
    <Panel title={inbox.name ?? t('unnamed')} text={t('text')} actions={actions} {...paper}>
      <Stack>
        <Code label={t('url')} wrap>{inbox.url}</Code>
        <Behaviour inbox={inbox} />
        <Loaded query={requests} lines={3}>
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState icon={IconInbox} title={t('empty')} text={t('empty_text')} />
            ) : (
              <Accordion variant="contained" chevronPosition="left">
                {data.map((request) => <Received key={request.id} request={request} />)}
              </Accordion>
            )
          }
        </Loaded>
      </Stack>
    </Panel>
  );
}

function Behaviour({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation('inboxes');
  const may = useMay();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const change = async (behaviour: Inbox['answer']['behaviour']) => {
    setError(null);
    try {
      const body = { answer: { behaviour } };
      await call(api.PATCH('/api/inboxes/{id}', { params: { path: { id: inbox.id } }, body }));
      await client.invalidateQueries({ queryKey: inboxesKey });
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>{t('behaviour')}</Text>
      <Segments
        label={t('behaviour')}
        value={inbox.answer.behaviour}
        onChange={(value) => void change(value)}
        data={behaviours.map((value) => ({ value, label: t(`answers.${value}`) }))}
        disabled={!may.manage}
      />
      <Text size="sm" c="dimmed">{t(`answers_text.${inbox.answer.behaviour}`)}</Text>
      <FormError error={error} />
    </Stack>
  );
}

// The event's name, where the body has one.
function eventOf(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    const event = typeof parsed === 'object' && parsed !== null && 'event' in parsed ? parsed.event : null;
    return typeof event === 'string' ? event : null;
  } catch {
    return null;
  }
}

function Received({ request }: { request: InboxRequest }) {
  const { t } = useTranslation('inboxes');
  const event = eventOf(request.body);
  const Glyph = request.signature === 'right' ? IconCircleCheck : IconCircleX;
  return (
    <Accordion.Item value={request.id}>
      <Accordion.Control>
        <Group justify="space-between" pr="md">
          <Group gap="sm">
            <Text fw={600}>{event ?? request.method}</Text>
            <Badge color={signatureColors[request.signature]} icon={<Glyph size={14} aria-hidden />}>{t(`signature.${request.signature}`)}</Badge>
            {request.headers['bookingshake-test'] && <Badge color="grape">{t('test')}</Badge>}
            <Text size="sm" c="dimmed">
              {request.answered_status === null ? t('not_answered') : t('answered', { status: request.answered_status })}
            </Text>
          </Group>
          <Text size="sm" c="dimmed"><Time at={request.received_at} style="ago" /></Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="sm">
          <Code label={t('headers')} wrap language="http">{Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`).join('\n')}</Code>
          <JsonTree label={t('body')} text={request.body} />
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

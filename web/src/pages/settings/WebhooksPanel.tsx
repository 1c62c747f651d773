// The webhooks section of the integrations: what there is, and the way to a new one.
import { Button } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Webhook } from '@/api/schema';
import { Link } from '@/context/links';

import { scopeOf, usePlaces } from '@/context/place';
import { useMay } from '@/context/session';
import cells from '@/parts/cells.module.css';
import { CursorPager, useCursor } from '@/parts/CursorPager';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { HealthBadge } from '@/parts/webhooks/HealthBadge';
import { useWebhookPage } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';

export function WebhooksPanel() {
  const { t } = useTranslation('settings');
  const may = useMay();
  const { place } = usePlaces();
  const paging = useCursor(`${place?.kind} ${place?.id}`);
  const webhooks = useWebhookPage({ place: scopeOf(place), sort: 'trouble', cursor: paging.cursor });
  const columns = useMemo<Column<Webhook>[]>(
    () => [
      { id: 'name', header: t('name'), phone: 'title', cell: (webhook) => <Link to={`/webhooks/${webhook.id}`} className={cells.link}>{webhook.name}</Link> },
      { id: 'url', header: t('integrations.url'), phone: 'line', cell: (webhook) => <span className={cells.any}>{webhook.url}</span> },
      { id: 'scope', header: t('scope'), phone: 'line', cell: (webhook) => <ScopeName scope={webhook.scope} /> },
      {
        id: 'health',
        header: t('integrations.health'),
        phone: 'aside',
        cell: ({ health }) => <HealthBadge health={health} />,
      },
    ],
    [t],
  );
  const create = may.manage && (
    <Button component={Link} to="/webhooks/new" leftSection={<IconPlus size={16} aria-hidden />}>{t('integrations.new_webhook')}</Button>
  );
  return (
    <Panel title={t('integrations.webhooks')} text={t('integrations.webhooks_text')} actions={create} flush id="webhooks">
      <Loaded query={webhooks}>
        {({ data, next_cursor: next }) =>
          data.length === 0 ? (
            <EmptyState icon={IconWebhook} title={t('integrations.no_webhook')} text={t('integrations.no_webhook_text')}>{create}</EmptyState>
          ) : (
            <>
              <DataTable label={t('integrations.webhooks')} columns={columns} rows={data} rowId={({ id }) => id} rowLink={({ id }) => `/webhooks/${id}`} />
              <CursorPager state={paging} nextCursor={next} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

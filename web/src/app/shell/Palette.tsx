// Ctrl-K: a page, a venue, a webhook, a guest or a delivery, found by typing and opened by Enter.
import { Loader, Modal, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type Icon, IconBuilding, IconBuildingStore, IconListDetails, IconSearch, IconUser, IconWebhook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';

import { api, call } from '@/api/client';
import { navigation } from '@/app/navigation';
import { useGo } from '@/context/links';
import { usePlaces } from '@/context/place';
import { prefixOf } from '@/context/place_path';
import { rememberPlace } from '@/context/recent_places';
import { useMay } from '@/context/session';
import { finds } from '@/parts/option_filter';
import { useWebhookLabel } from '@/parts/webhooks/webhook_label';
import { deliveriesKey } from '@/queries/deliveries';
import { useFoundRecords } from '@/queries/records';
import { useFoundWebhooks } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import styles from './Palette.module.css';

interface Hit {
  key: string;
  group: 'pages' | 'places' | 'webhooks' | 'contacts' | 'deliveries';
  label: string;
  more?: string;
  icon: Icon;
  open: () => void;
}

const typingPauseMs = 200;
const shownMax = 6;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// A delivery by its id, which receivers know as Idempotency-Key.
function useNamedDelivery(id: string) {
  return useQuery({
    queryKey: [...deliveriesKey, 'named', id],
    queryFn: async () => {
      const { data, response } = await api.GET('/api/deliveries/{id}', { params: { path: { id } } });
      if (response.status === 404) return null;
      return call(Promise.resolve({ data, response }));
    },
    enabled: id !== '',
    staleTime: 60_000,
  });
}

function useHits(typed: string): { hits: Hit[]; busy: boolean } {
  const { t } = useTranslation();
  const may = useMay();
  const go = useGo();
  const navigate = useNavigate();
  const { venues, groups } = usePlaces();
  const labelOf = useWebhookLabel();
  const words = typed.trim();
  const [asked] = useDebouncedValue(words, typingPauseMs);
  const id = uuid.test(asked) ? asked.toLowerCase() : '';
  const q = asked.length >= 2 && id === '' ? asked : '';
  const webhooks = useFoundWebhooks(q, null, q !== '' || id !== '');
  const contacts = useFoundRecords('contact', q, shownMax);
  const delivery = useNamedDelivery(id);
  const names = new Map(venues.map((venue) => [venue.id, venue.name]));
  const pages = navigation.flatMap(({ entries }) => entries)
    .filter(({ needs }) => needs === undefined || may[needs])
    .map(({ to, label, icon }): Hit => ({ key: to, group: 'pages', label: t(`navigation.${label}`), icon, open: () => void go(to) }))
    .filter(({ label }) => words === '' || finds(words, label));
  const placeHit = (kind: 'venue' | 'group', place: { id: string; name: string }): Hit => ({
    key: `${kind}:${place.id}`,
    group: 'places',
    label: kind === 'group' ? t('place.whole_group', { name: place.name }) : place.name,
    more: place.id,
    icon: kind === 'group' ? IconBuilding : IconBuildingStore,
    open: () => {
      const prefix = prefixOf({ kind, id: place.id });
      rememberPlace(prefix);
      void navigate(kind === 'venue' ? `${prefix}/venues/${encodeURIComponent(place.id)}` : prefix);
    },
  });
  const places = words === '' ? [] : [
    ...venues.filter(({ id: of, name }) => finds(words, `${name} ${of}`)).map((venue) => placeHit('venue', venue)),
    ...groups.filter(({ id: of, name }) => finds(words, `${name} ${of}`)).map((group) => placeHit('group', group)),
  ];
  // A search shows what it found last until its answer comes; that was found for other words.
  const fresh = asked === words && words !== '';
  const found = fresh && q !== '' && !webhooks.isPlaceholderData ? (webhooks.data ?? []) : [];
  const guests = fresh && q !== '' && !contacts.isPlaceholderData ? (contacts.data ?? []) : [];
  const hits = [
    ...pages.slice(0, words === '' ? pages.length : shownMax),
    ...places.slice(0, shownMax),
    ...found.slice(0, shownMax).map((webhook): Hit => ({ key: webhook.id, group: 'webhooks', label: labelOf(webhook), icon: IconWebhook, open: () => void go(`/webhooks/${webhook.id}`) })),
    ...guests.map(({ venue_id: venue, id: of, name }): Hit => ({
      key: `${venue} ${of}`, group: 'contacts', label: name, more: names.get(venue) ?? venue, icon: IconUser, open: () => void go(`/contacts/${encodeURIComponent(venue)}/${encodeURIComponent(of)}`),
    })),
    ...(fresh && delivery.data ? [delivery.data] : []).map((named): Hit => ({ key: named.id, group: 'deliveries', label: `${named.event} · ${named.resource_id}`, more: names.get(named.venue_id), icon: IconListDetails, open: () => void go(`/deliveries/${named.id}`) })),
  ];
  return { hits, busy: words !== '' && (asked !== words || webhooks.isFetching || contacts.isFetching || delivery.isFetching) };
}

export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  // Enter came before anything was found for what was typed: the first that is found is opened then.
  const [early, setEarly] = useState(false);
  const { hits, busy } = useHits(typed);
  const list = useRef<HTMLDivElement>(null);
  const chosen = Math.min(at, Math.max(0, hits.length - 1));
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const groups = useMemo(() => [...new Set(hits.map(({ group }) => group))], [hits]);
  const take = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    onClose();
    hit.open();
  };
  const takeFirst = useEffectEvent(() => take(hits[0]));
  useEffect(() => {
    if (early && hits.length > 0) takeFirst();
  }, [early, hits.length]);
  return (
    <Modal opened onClose={onClose} title={t('palette.title')} withCloseButton={false} classNames={{ header: styles.hidden }} padding={0} size={620} yOffset="12vh" centered={false}>
      <div className={styles.search}>
        {busy ? <Loader size={16} /> : <IconSearch size={18} aria-hidden />}
        <input
          className={styles.input}
          data-autofocus
          data-keeps-focus
          role="combobox"
          aria-expanded
          aria-controls="palette"
          aria-activedescendant={hits[chosen] && `palette-${chosen}`}
          aria-label={t('palette.title')}
          placeholder={t('palette.placeholder')}
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setAt(0);
            setEarly(false);
          }}
          onKeyDown={(event) => {
            const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (by !== undefined) {
              event.preventDefault();
              setAt((chosen + by + hits.length) % Math.max(1, hits.length));
            } else if (event.key === 'Enter') {
              event.preventDefault();
              if (hits.length === 0 && busy) setEarly(true);
              else take(hits[chosen]);
            }
          }}
        />
      </div>
      <div id="palette" role="listbox" aria-label={t('palette.title')} className={styles.list} ref={list} tabIndex={0}>
        {groups.map((group) => (
          <div key={group} role="group" aria-label={t(`palette.${group}`)}>
            <div className={styles.group} aria-hidden>{t(`palette.${group}`)}</div>
            {hits.map((hit, index) => hit.group === group && (
              <div
                key={hit.key}
                id={`palette-${index}`}
                role="option"
                aria-selected={index === chosen}
                className={clsx(styles.hit, index === chosen && styles.chosen)}
                onPointerMove={() => setAt(index)}
                onClick={() => take(hit)}
              >
                <hit.icon size={16} stroke={1.7} aria-hidden />
                <span className={styles.label}>{hit.label}</span>
                {hit.more !== undefined && <span className={styles.more}>{hit.more}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {hits.length === 0 && !busy && <Text c="dimmed" p="lg" ta="center">{t('palette.none')}</Text>}
    </Modal>
  );
}

// The venue, the group, or all that the pages are about: chosen here, said by the address.
import { Combobox, Text, useCombobox } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

import { usePlaces } from '@/context/place';
import { inPlace, placeOfPath, prefixOf } from '@/context/place_path';
import { recentPlaces, rememberPlace } from '@/context/recent_places';
import { finds } from '@/parts/option_filter';
import { isTypingElsewhere } from '@/parts/use_opened';
import { useTranslation } from '@/texts/translation';
import styles from './PlaceChooser.module.css';
import { PlaceFace } from './PlaceFace';

interface Option {
  // The prefix of its addresses, "" for all.
  value: string;
  label: string;
  // More words that it is found by.
  also: string;
}

// A list as long as a person can look through; the others are found by typing.
const shownMax = 60;

// It comes in place of the button that was clicked, and opens at once. `typed`: what was typed before it came.
export default function PlaceChooser({ typed: typedBefore }: { typed: string }) {
  const { t } = useTranslation();
  const { venues, groups } = usePlaces();
  const target = useRef<HTMLButtonElement>(null);
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(typedBefore);
  const [recent, setRecent] = useState<string[]>([]);
  const combobox = useCombobox({
    onDropdownOpen: () => {
      setRecent(recentPlaces());
      combobox.focusSearchInput();
      combobox.selectActiveOption();
    },
    onDropdownClose: () => {
      setTyped('');
      combobox.resetSelectedOption();
      combobox.focusTarget();
    },
  });
  const sections = useMemo(() => {
    const venue = ({ id, name, venues_group_id: group }: (typeof venues)[number]): Option => ({
      value: prefixOf({ kind: 'venue', id }),
      label: name,
      also: `${id} ${groups.find((each) => each.id === group)?.name ?? ''}`,
    });
    const known = new Set(groups.map(({ id }) => id));
    const grouped = groups.map((group) => ({
      label: group.name,
      options: [
        { value: prefixOf({ kind: 'group', id: group.id }), label: t('place.whole_group', { name: group.name }), also: group.id },
        ...venues.filter((each) => each.venues_group_id === group.id).map(venue),
      ],
    }));
    const alone = venues.filter((each) => each.venues_group_id === null || !known.has(each.venues_group_id)).map(venue);
    const all = venues.length > 1 ? [{ label: null, options: [{ value: '', label: t('place.all'), also: '' }] }] : [];
    return [...all, ...grouped, ...(alone.length ? [{ label: groups.length ? t('place.alone') : null, options: alone }] : [])];
  }, [venues, groups, t]);
  // Enter takes the first of what the words find, once that stands there.
  const { selectFirstOption, dropdownOpened } = combobox;
  useEffect(() => {
    if (!dropdownOpened || typed === '') return;
    const frame = requestAnimationFrame(() => selectFirstOption());
    return () => cancelAnimationFrame(frame);
  }, [typed, dropdownOpened, selectFirstOption]);
  const open = useEffectEvent(() => {
    if (isTypingElsewhere()) return;
    target.current?.focus({ preventScroll: true });
    combobox.openDropdown();
  });
  useEffect(() => open(), []);

  const everyOption = sections.flatMap(({ options }) => options);
  const here = prefixOf(placeOfPath(pathname));
  const words = typed.trim();
  let left = shownMax;
  const lately = recent.map((value) => everyOption.find((option) => option.value === value)).filter((option) => option !== undefined);
  const shown = (words === '' && everyOption.length > shownMax / 4 && lately.length > 0 ? [{ label: t('place.recent'), options: lately }, ...sections] : sections)
    .map(({ label, options }) => {
      const found = options.filter((option) => words === '' || finds(words, `${option.label} ${option.also}`)).slice(0, left);
      left -= found.length;
      return { label, options: found };
    })
    .filter(({ options }) => options.length > 0);
  const choose = (value: string) => {
    rememberPlace(value);
    combobox.closeDropdown();
    void navigate(inPlace(pathname, placeOfPath(value)));
  };
  const option = ({ value, label }: Option, section: string) => (
    <Combobox.Option key={section + value} value={value} active={value === here} className={styles.option}>
      <Text span inherit truncate>{label}</Text>
      {value === here && <IconCheck size={16} aria-hidden />}
    </Combobox.Option>
  );
  return (
    <Combobox store={combobox} onOptionSubmit={choose} position="bottom-start" width={320} withinPortal>
      <Combobox.Target targetType="button">
        <PlaceFace ref={target} onClick={() => combobox.toggleDropdown()} />
      </Combobox.Target>
      {combobox.dropdownOpened && <Combobox.Dropdown>
        <Combobox.Search
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
          }}
          placeholder={t('place.search')}
          aria-label={t('place.search')}
          autoFocus
        />
        <Combobox.Options mah={360} className={styles.options} aria-label={t('place.label')} tabIndex={0}>
          {shown.length === 0 && <Combobox.Empty>{t('place.none')}</Combobox.Empty>}
          {shown.map(({ label, options }) =>
            label === null ? options.map((each) => option(each, '')) : (
              <Combobox.Group key={label} label={label}>{options.map((each) => option(each, label))}</Combobox.Group>
            ),
          )}
          {left === 0 && <Text size="xs" c="dimmed" px="sm" py={6}>{t('place.type_more')}</Text>}
        </Combobox.Options>
      </Combobox.Dropdown>}
    </Combobox>
  );
}

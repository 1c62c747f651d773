// The code that verifies a signature, in the languages that receivers are written in, ready to copy, and a fixed example to
// try one's own code on.
import { type PaperProps, Stack, Tabs, Text, Title } from '@mantine/core';
import { Suspense, use } from 'react';

import { Code } from '@/parts/Code';
import { Loading } from '@/parts/Loading';
import { Panel } from '@/parts/Panel';
import tabStyles from '@/parts/tabs.module.css';
import { useTranslation } from '@/texts/translation';
import { languages, type VerifyLanguage, verifyCodeIn } from './verify_code';

export function VerifyPanel(paper: PaperProps) {
  const { t } = useTranslation('webhook_acts');
  return (
    <Panel title={t('verify.title')} text={t('verify.text')} {...paper}>
      <Tabs defaultValue={languages[0]} keepMounted={false}>
        <Tabs.List mb="md" className={tabStyles.list}>
          {languages.map((language) => <Tabs.Tab key={language} value={language}>{language}</Tabs.Tab>)}
        </Tabs.List>
        {languages.map((language) => (
          <Tabs.Panel key={language} value={language}>
            <Suspense fallback={<Loading />}><LanguageCode language={language} /></Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}

function LanguageCode({ language }: { language: VerifyLanguage }) {
  const { t } = useTranslation('webhook_acts');
  const { receiver, vector } = use(verifyCodeIn(language));
  return (
    <Stack>
      <Code label={t('verify.code', { language })} language="code" share>{receiver}</Code>
      <div>
        <Title order={3}>{t('verify.vector')}</Title>
        <Text size="sm" c="dimmed">{t('verify.vector_text')}</Text>
      </div>
      <Code label={t('verify.vector_in', { language })} language="code">{vector}</Code>
    </Stack>
  );
}

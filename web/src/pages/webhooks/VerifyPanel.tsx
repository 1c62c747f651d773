// The code that verifies a signature, in the languages that receivers are written in, ready to copy.
import { type PaperProps, Tabs } from '@mantine/core';

import { Code } from '@/parts/Code';
import { Panel } from '@/parts/Panel';
import { useTranslation } from '@/texts/translation';
import { verifyCode } from './verify_code';

export function VerifyPanel(paper: PaperProps) {
  const { t } = useTranslation('webhooks');
  return (
    <Panel title={t('verify.title')} text={t('verify.text')} {...paper}>
      <Tabs defaultValue={verifyCode[0]!.language}>
        <Tabs.List mb="md">
          {verifyCode.map(({ language }) => <Tabs.Tab key={language} value={language}>{language}</Tabs.Tab>)}
        </Tabs.List>
        {verifyCode.map(({ language, code }) => (
          <Tabs.Panel key={language} value={language}>
            <Code label={t('verify.code', { language })} language="code" share>{code}</Code>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}

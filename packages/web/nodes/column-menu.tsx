import { useTranslation } from 'react-i18next';
import { ColumnsIcon } from '../shell/icons.tsx';
import { ManyOf } from './many-of.tsx';
import { type ColumnId, columnIds, fixedColumns } from './view.ts';

export function ColumnMenu({
  columns,
  onChange,
}: {
  readonly columns: readonly ColumnId[];
  readonly onChange: (columns: readonly ColumnId[]) => void;
}) {
  const { t } = useTranslation();
  return (
    <ManyOf
      label={t('nodes.columns')}
      icon={<ColumnsIcon />}
      chosen={columns}
      options={columnIds.map((id) => ({
        value: id,
        label: t(`column.${id}`),
        fixed: fixedColumns.includes(id),
      }))}
      onChoose={(chosen) => onChange(columnIds.filter((id) => chosen.includes(id)))}
      uncounted
    />
  );
}

import type { Table } from '../results.ts'
import { renderHitRatios } from './hit-ratios.ts'
import { renderLoad } from './load.ts'
import { renderMatrix } from './matrix.ts'
import { renderHeap, renderSizes, renderStampede, renderTimings } from './micro.ts'
import { renderFidelity, renderSerializers } from './serializers.ts'
import { renderSeries } from './series.ts'

export function renderTable(table: Table): string {
  switch (table.kind) {
    case 'timing':
      return renderTimings(table)
    case 'stampede':
      return renderStampede(table)
    case 'size':
      return renderSizes(table)
    case 'heap':
      return renderHeap(table)
    case 'hitRatio':
      return renderHitRatios(table)
    case 'load':
      return renderLoad(table)
    case 'serializer':
      return renderSerializers(table)
    case 'fidelity':
      return renderFidelity(table)
    case 'series':
      return renderSeries(table)
    case 'matrix':
      return renderMatrix(table)
  }
}

"""Conditions of partial indexes, as text: such an index is used only by a query that repeats its very words.

Apart from the tables, because a glance asks with them before SQLAlchemy is loaded.
"""

# What is not as people want it. A withdrawal without a clear answer is finished before anything else, whatever is wanted
# meanwhile.
OPEN = "state <> 'idle' OR want <> have OR op = 'withdraw'"
# Planned for a time after the last look at its file; few, whatever is planned.
UNCHECKED = "state = 'idle' AND want > 0 AND want <> have AND NOT cancelled AND not_before > checked"
# What is not simply public or gone; the monitor finds the few among very many by it.
LIVE = "state <> 'idle' OR want <> have OR hold OR person"
LIVE_OF_DELIVERY = "(delivery.state <> 'idle' OR delivery.want <> delivery.have OR delivery.hold OR delivery.person)"
SETTLED = "state = 'idle' AND want = have AND NOT hold AND NOT person"

"""The torch wing: networks, training, prediction and explanation."""

import os

# Read by OpenMP when torch is loaded. Threads that wait by spinning take the machine from each other as soon as another program
# computes: measured on 2 cores, 3.86 images/s in quiet instead of 3.53, and 2.17 instead of 1.57 beside a busy neighbour.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

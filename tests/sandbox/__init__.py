"""Tests of the stand-in of the Ozon Seller API."""
